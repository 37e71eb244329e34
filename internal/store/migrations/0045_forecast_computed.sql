-- What the models said of an interval before a planner's changes, so that these
-- can be judged afterwards. NULL: from a time before it was kept.

ALTER TABLE plan_forecast_point ADD COLUMN computed REAL;
