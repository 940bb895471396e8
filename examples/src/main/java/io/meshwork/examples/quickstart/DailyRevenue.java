package io.meshwork.examples.quickstart;

import io.meshwork.contract.Column;
import java.math.BigDecimal;
import java.time.LocalDate;

/** The revenue of one day; a row of the derived product. */
record DailyRevenue(
    LocalDate day,
    long trips,
    double miles,
    @Column(precision = 12, scale = 2) BigDecimal revenue) {}
