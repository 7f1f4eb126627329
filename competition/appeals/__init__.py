"""Appeals and objections: written, in time, ruled on, with their effect on the result."""
