package io.meshwork.benchmarks;

import java.time.Instant;
import java.util.Optional;

/** The row of the benchmarks: identifiers, few and many distinct values, nulls. */
record BenchmarkOrder(
    String orderId,
    long customerId,
    String status,
    double amount,
    String currency,
    Instant createdAt,
    String country,
    Optional<String> note) {}
