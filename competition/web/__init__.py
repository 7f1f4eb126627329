"""What every page shares: access marks, language, forms, error pages, templating, paging, headers. No feature inside."""
