package io.meshwork.walk;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lists of orders in which an order can be several times. */
final class RowLists {
  private RowLists() {}

  /** Returns the rows that one list has more often than the other. */
  static List<Order> minus(List<Order> rows, List<Order> others) {
    List<Order> remaining = new ArrayList<>(rows);
    others.forEach(remaining::remove);
    return remaining;
  }

  static List<Order> sorted(List<Order> rows) {
    return rows.stream().sorted().toList();
  }

  static List<Order> withoutNames(List<Order> rows) {
    return rows.stream().map(Order::withoutName).sorted().toList();
  }

  static Order withPrice(@Nullable Order order, long cents) {
    if (order == null) {
      throw new IllegalStateException("the row is missing");
    }
    return new Order(order.id(), order.region(), order.name(), cents);
  }
}
