package io.meshwork.examples.etl;

import io.meshwork.contract.Column;
import java.math.BigDecimal;
import java.time.LocalDate;

/** A row of the revenue: the amount paid on one day in one country. */
public record Revenue(
    LocalDate day,
    String country,
    long orders,
    @Column(precision = 18, scale = 2) BigDecimal amount) {}
