package io.meshwork.examples.etl;

import io.meshwork.contract.Column;
import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.util.Optional;

/**
 * A row of the orders.
 *
 * @param placedAt in UTC
 * @param coupon the coupon that the customer entered; empty if none
 */
public record Order(
    String orderId,
    LocalDateTime placedAt,
    String country,
    String status,
    @Column(precision = 12, scale = 2) BigDecimal amount,
    Optional<String> coupon) {}
