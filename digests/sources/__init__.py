"""Where reports come from: report files and feeds, as clean, dated drafts."""
