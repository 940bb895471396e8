package io.meshwork.conformance;

import java.math.BigDecimal;
import java.util.Optional;

/** An order of the second major version: the amount in cents, and no note. */
record OrderInCents(long id, String customer, long cents) {
  static OrderInCents of(Order order) {
    return new OrderInCents(
        order.id(), order.customer(), order.amount().movePointRight(2).longValueExact());
  }

  Order toOrder() {
    return new Order(id, customer, BigDecimal.valueOf(cents, 2), Optional.empty());
  }
}
