# Public forecasting methods on the folds of the evaluation of kcc's forecasts.
#
#   KCC_DATA=... Rscript forecast_anchors.R [BLOCK ...] [METHOD=name]
#
# BLOCK is P1, P3, P3b, P4 or P5; without one all are run. Every method runs
# with its defaults. README.md beside this file says what is compared and how.

suppressPackageStartupMessages(library(forecast))
set.seed(1)

levels <- c(80, 95)
folder <- file.path(Sys.getenv("KCC_DATA"), "forecast")
if (!dir.exists(folder)) stop("set KCC_DATA to the folder with the public series")

args <- commandArgs(trailingOnly = TRUE)
only <- sub("^METHOD=", "", grep("^METHOD=", args, value = TRUE))
blocks <- args[!grepl("^METHOD=", args)]
if (length(blocks) == 0) blocks <- c("P1", "P3", "P3b", "P4", "P5")
wanted <- function(methods) if (length(only) > 0) intersect(methods, only) else methods

read <- function(name) read.csv(file.path(folder, name), stringsAsFactors = FALSE)

# cpu is the user and system time of an expression, children included.
cpu <- function(expr) {
  before <- proc.time()
  value <- force(expr)
  spent <- proc.time() - before
  list(value = value, sec = sum(spent[c("user.self", "sys.self", "user.child", "sys.child")], na.rm = TRUE))
}

# bounds brings a forecast object to a matrix f, lo80, hi80, lo95, hi95.
bounds <- function(fc) {
  cbind(f = as.numeric(fc$mean),
        lo80 = as.numeric(fc$lower[, 1]), hi80 = as.numeric(fc$upper[, 1]),
        lo95 = as.numeric(fc$lower[, 2]), hi95 = as.numeric(fc$upper[, 2]))
}

# weekday_mean is the mean of the same slot over the last eight cycles, with a
# Student interval from their spread.
weekday_mean <- function(y, cycle, h) {
  t(sapply(seq_len(h), function(k) {
    at <- seq(length(y) + (k - 1) %% cycle + 1 - cycle, 1, by = -cycle)
    x <- head(y[at][!is.na(y[at])], 8)
    half <- qt(1 - (1 - levels / 100) / 2, max(1, length(x) - 1)) * sd(x) * sqrt(1 + 1 / length(x))
    c(f = mean(x), lo80 = mean(x) - half[1], hi80 = mean(x) + half[1], lo95 = mean(x) - half[2], hi95 = mean(x) + half[2])
  }))
}

# prophet_fit has the weekly and, for slots within a day, the daily season.
prophet_fit <- function(at, y, future) {
  frame <- data.frame(ds = at, y = y)
  model <- suppressMessages(prophet(frame[!is.na(y), ], interval.width = 0.8, uncertainty.samples = 1000))
  draws <- predictive_samples(model, data.frame(ds = future))$yhat
  q <- apply(draws, 1, quantile, c(0.1, 0.9, 0.025, 0.975))
  model$uncertainty.samples <- 0 # the draws are there; the point forecast needs none
  cbind(f = predict(model, data.frame(ds = future))$yhat, lo80 = q[1, ], hi80 = q[2, ], lo95 = q[3, ], hi95 = q[4, ])
}

# median_of is the median of point forecasts; it has no bounds.
median_of <- function(fits) {
  f <- apply(sapply(fits, function(b) b[, "f"]), 1, median)
  cbind(f = f, lo80 = NA, hi80 = NA, lo95 = NA, hi95 = NA)
}

# fit runs one method on the training values y and forecasts h values.
fit <- function(method, y, season, cycle, h) {
  x <- ts(y, frequency = season)
  switch(method,
    stlf_ets = bounds(stlf(x, h = h, level = levels, method = "ets")),
    stlf_arima = bounds(stlf(x, h = h, level = levels, method = "arima")),
    thetaf = bounds(thetaf(x, h = h, level = levels)),
    ets = bounds(forecast(ets(x), h = h, level = levels)),
    auto_arima = bounds(forecast(auto.arima(x), h = h, level = levels)),
    stlf_ets_week = bounds(stlf(msts(y, c(season, 7 * season)), h = h, level = levels, method = "ets")),
    stlf_arima_week = bounds(stlf(msts(y, c(season, 7 * season)), h = h, level = levels, method = "arima")),
    snaive = bounds(snaive(x, h = h, level = levels)),
    median4 = median_of(lapply(c("stlf_ets_week", "stlf_arima_week", "thetaf", "snaive"), fit, y, season, cycle, h)),
    mean8 = weekday_mean(y, cycle, h))
}

# score of pooled rows: y, f, the bounds, the scale of the fold, group = day.
score <- function(d) {
  e <- abs(d$y - d$f)
  msis <- (d$hi95 - d$lo95) + 40 * pmax(0, d$lo95 - d$y) + 40 * pmax(0, d$y - d$hi95)
  pin <- function(q, x) ifelse(d$y >= x, q * (d$y - x), (1 - q) * (x - d$y))
  by_day <- aggregate(cbind(y, f) ~ fold + day, d, sum)
  data.frame(wape = 100 * sum(e) / sum(d$y), wape_day = 100 * sum(abs(by_day$y - by_day$f)) / sum(by_day$y),
             mase = mean(e / d$scale),
             cov80 = mean(d$y >= d$lo80 & d$y <= d$hi80), cov95 = mean(d$y >= d$lo95 & d$y <= d$hi95),
             msis = mean(msis / d$scale),
             pinball = (mean(pin(0.1, d$lo80)) + mean(pin(0.5, d$f)) + mean(pin(0.9, d$hi80))) / 3 / mean(d$y))
}

# report prints the scores per window of days ahead.
report <- function(block, method, rows, windows, sec, note = "") {
  for (w in windows) {
    s <- score(rows[rows$day <= w, ])
    cat(sprintf("%-12s %-11s 1-%-3d wape %6.2f day %6.2f mase %.3f cov %.3f %.3f pin %.4f msis %5.2f  %.4f CPU s/fit %s\n",
                block, method, w, s$wape, s$wape_day, s$mase, s$cov80, s$cov95, s$pinball, s$msis, sec, note))
  }
}

# scale is the mean absolute difference of values one cycle apart.
scale_of <- function(y, lag) mean(abs(diff(y, lag = lag)), na.rm = TRUE)

# rolling runs a method over the origins of a series without closed days.
rolling <- function(block, y, slots, season, cycle, origins, keep, h, windows, methods) {
  for (m in methods) {
    rows <- NULL
    sec <- 0
    for (o in origins) {
      train <- y[(max(0, o - keep) * slots + 1):(o * slots)]
      r <- cpu(fit(m, train, season, cycle, h * slots))
      sec <- sec + r$sec
      actual <- y[(o * slots + 1):((o + h) * slots)]
      rows <- rbind(rows, data.frame(fold = o, day = rep(seq_len(h), each = slots), y = actual, r$value, scale = scale_of(train, cycle)))
    }
    report(block, m, rows, windows, sec / length(origins))
  }
}

# bank_half_hours works on the grid of all weekdays: closed ones are filled for
# the fit (na.interp, training part only) and left out of the scores.
bank_half_hours <- function() {
  grid <- read("bank_calls_30min_grid.csv")
  y <- as.numeric(grid$calls)
  slots <- 28
  open <- tapply(!is.na(y), (seq_along(y) - 1) %/% slots, any)
  at <- as.POSIXct(paste(grid$date, grid$time), tz = "GMT")
  windows <- c(1, 5, 10, 20)
  run <- function(m, origins, note) {
    rows <- NULL
    sec <- 0
    for (o in origins) {
      end <- which(cumsum(open) == o)[1]
      last <- which(cumsum(open) == o + 20)[1]
      h <- (last - end) * slots
      train <- y[seq_len(end * slots)]
      future <- (end * slots + 1):(last * slots)
      filled <- as.numeric(na.interp(ts(train, frequency = 5 * slots)))
      r <- cpu(if (m == "prophet") prophet_fit(at[seq_along(train)], train, at[future])
               else fit(m, if (m == "mean8") train else filled, 5 * slots, 5 * slots, h))
      sec <- sec + r$sec
      row <- data.frame(fold = o, y = y[future], r$value, scale = scale_of(train, 5 * slots))
      row <- row[rep(open[(end + 1):last], each = slots), ]
      row$day <- rep(1:20, each = slots)
      rows <- rbind(rows, row)
    }
    report("P1", m, rows, windows, sec / length(origins), note)
  }
  if ("prophet" %in% wanted("prophet")) suppressPackageStartupMessages(library(prophet)) # not part of a fit
  all <- seq(100, 144, by = 4)
  few <- c(100, 112, 124, 136)
  for (m in wanted(c("stlf_ets", "stlf_arima", "mean8"))) run(m, all, "12 origins")
  for (m in wanted(c("prophet", "stlf_ets", "stlf_arima", "mean8"))) run(m, few, "4 origins")
}

# panel scores methods on many series with one fold each; the reference of OWA
# is Naive 2 on the same series.
panel <- function(block, train, test, season, methods) {
  one <- function(x, y, b) {
    e <- abs(y - b[, "f"])
    s <- scale_of(x, season)
    c(smape = mean(ifelse(abs(y) + abs(b[, "f"]) > 0, 200 * e / (abs(y) + abs(b[, "f"])), 0)), mase = mean(e) / s,
      cov80 = mean(y >= b[, "lo80"] & y <= b[, "hi80"]), cov95 = mean(y >= b[, "lo95"] & y <= b[, "hi95"]),
      msis = mean((b[, "hi95"] - b[, "lo95"]) + 40 * pmax(0, b[, "lo95"] - y) + 40 * pmax(0, y - b[, "hi95"])) / s)
  }
  reference <- rowMeans(mapply(function(x, y) one(x, y, cbind(f = naive2(x, season, length(y)), lo80 = 0, hi80 = 0, lo95 = 0, hi95 = 0)), train, test))
  for (m in methods) {
    r <- cpu(mapply(function(x, y) one(x, y, fit(m, x, season, season, length(y))), train, test))
    s <- rowMeans(r$value)
    cat(sprintf("%-12s %-11s n %3d sMAPE %.3f MASE %.4f OWA %.4f cov %.3f %.3f MSIS %.2f  %.4f CPU s/series (naive2 %.3f %.4f)\n", block, m, length(train),
                s["smape"], s["mase"], (s["smape"] / reference["smape"] + s["mase"] / reference["mase"]) / 2,
                s["cov80"], s["cov95"], s["msis"], r$sec / length(train), reference["smape"], reference["mase"]))
  }
}

# naive2 is the naive forecast of the series without its season, where the
# autocorrelation at the season is significant at 90 % (as in the competition).
naive2 <- function(x, season, h) {
  r <- acf(x, lag.max = season, plot = FALSE)$acf[-1]
  limit <- 1.645 * sqrt((1 + 2 * sum(r[-season]^2)) / length(x))
  if (abs(r[season]) <= limit) return(rep(tail(x, 1), h))
  index <- decompose(ts(x, frequency = season), type = "multiplicative")$seasonal
  index <- as.numeric(tail(index, season))
  tail(x, 1) / index[season] * rep_len(index, h)
}

for (b in blocks) switch(b,
  P1 = bank_half_hours(),
  P3 = {
    cc <- read("callcenter_daily_aht.csv")
    for (column in c("incoming", "talk_s"))
      rolling(paste("P3", column), as.numeric(cc[[column]]), 1, 7, 7, seq(860, 1190, by = 30), 730, 28, c(1, 7, 14, 28),
              wanted(c("thetaf", "stlf_ets", "ets", "auto_arima", "mean8")))
  },
  P3b = rolling("P3b", as.numeric(read("seattle_police911_2015_hourly.csv")$total), 24, 24, 168, seq(200, 332, by = 12), 300, 28,
                c(1, 7, 14, 28), wanted(c("mean8", "stlf_ets_week", "stlf_arima_week"))),
  P4 = {
    ids <- head(scan(file.path(folder, "ids_h.txt"), "", quiet = TRUE), 24)
    wide <- function(name) {
      d <- read(name)
      lapply(ids, function(i) as.numeric(na.omit(unlist(d[d[[1]] == i, -1]))))
    }
    panel("P4", wide("m4_hourly_train.csv"), wide("m4_hourly_test.csv"), 24,
          wanted(c("snaive", "thetaf", "stlf_ets_week", "stlf_arima_week", "median4")))
  },
  P5 = {
    d <- read("nn5_daily_odd.csv")
    series <- lapply(split(as.numeric(d$value), d$id), function(x) as.numeric(na.interp(ts(x, frequency = 7))))
    panel("P5", lapply(series, function(x) head(x, -56)), lapply(series, function(x) tail(x, 56)), 7,
          wanted(c("stlf_arima", "stlf_ets", "thetaf", "snaive")))
  },
  stop("no block ", b))
