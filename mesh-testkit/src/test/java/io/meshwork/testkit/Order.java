package io.meshwork.testkit;

import io.meshwork.contract.Column;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A row for tests in which the columns do not matter. */
public record Order(
    long id,
    String customer,
    @Column(precision = 10, scale = 2) BigDecimal amount,
    Optional<String> note) {
  public static Order of(long id) {
    return new Order(
        id,
        "customer " + id % 7,
        BigDecimal.valueOf(id * 101, 2),
        id % 3 == 0 ? Optional.empty() : Optional.of("note " + id));
  }

  /** Orders with these ids, the last one not included. */
  public static List<Order> range(long from, long to) {
    List<Order> orders = new ArrayList<>();
    for (long id = from; id < to; id++) {
      orders.add(of(id));
    }
    return orders;
  }
}
