package io.meshwork.examples.rollout;

import java.time.Instant;

/** The rows of both major versions. */
final class Rows {
  private Rows() {}

  /** A row of version 1: the amount is a floating-point number. */
  record Order(String orderId, Instant createdAt, double amount) {}

  /** A row of version 2: the amount is a whole number of cents. */
  record OrderInCents(String orderId, Instant createdAt, long cents) {
    static OrderInCents of(Order order) {
      return new OrderInCents(order.orderId(), order.createdAt(), Math.round(order.amount() * 100));
    }
  }
}
