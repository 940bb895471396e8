package io.meshwork.examples.shop;

import io.meshwork.contract.Column;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;

/** The rows of the products. */
final class ShopRows {
  private ShopRows() {}

  record Customer(String customerId, String email, String city, LocalDate since) {}

  record Order(
      String orderId,
      Instant placed,
      String customerId,
      String itemId,
      int pieces,
      @Column(precision = 18, scale = 2) BigDecimal amount) {}

  /** Rows of version 2 of a product, by the names that they have in version 1. */
  static final class Version2 {
    private Version2() {}

    record Order(
        String orderId,
        Instant placed,
        String customerId,
        String itemId,
        int quantity,
        @Column(precision = 18, scale = 2) BigDecimal amount) {}
  }

  record Item(String itemId, String title, @Column(precision = 18, scale = 2) BigDecimal price) {}

  record Return(
      String orderId, LocalDate day, @Column(precision = 18, scale = 2) BigDecimal refund) {}

  record Shipment(String orderId, Instant sent, String carrier) {}

  record Stock(String itemId, LocalDate day, int pieces) {}

  record Replenishment(String itemId, LocalDate day, int ordered) {}

  record Revenue(LocalDate day, @Column(precision = 18, scale = 2) BigDecimal amount) {}

  record Margin(
      LocalDate day,
      @Column(precision = 18, scale = 2) BigDecimal revenue,
      @Column(precision = 18, scale = 2) BigDecimal margin) {}

  record Budget(LocalDate day, @Column(precision = 18, scale = 2) BigDecimal available) {}

  record Report(
      LocalDate day, @Column(precision = 18, scale = 2) BigDecimal result, String comment) {}

  record Campaign(String name, LocalDate start, String target) {}
}
