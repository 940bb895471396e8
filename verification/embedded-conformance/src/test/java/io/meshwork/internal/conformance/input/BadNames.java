package io.meshwork.internal.conformance.input;

import static io.meshwork.internal.conformance.fixture.MeshFixture.CANARY;
import static io.meshwork.internal.conformance.fixture.MeshFixture.ORDERS;

import io.meshwork.contract.Contract;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.NotFoundException;
import io.meshwork.internal.conformance.fixture.Order;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/** Invalid names, and names without permission. */
final class BadNames {
  private final BadInputTable table;

  private BadNames(BadInputTable table) {
    this.table = table;
  }

  static void addTo(BadInputTable table) {
    BadNames rows = new BadNames(table);
    rows.names();
    rows.access();
  }

  private void name(String number, String name, String... expected) {
    table.add(
        number,
        "the name '" + (name.length() > 20 ? name.length() + " bytes" : name) + "'",
        InvalidRequestException.class,
        ErrorCode.NAME_INVALID,
        List.of(expected),
        suite ->
            suite
                .shop()
                .defineProduct("commerce/" + name)
                .contract(Contract.of(Order.class))
                .commit());
    table.add(
        number,
        "the domain '" + (name.length() > 20 ? name.length() + " bytes" : name) + "'",
        InvalidRequestException.class,
        ErrorCode.NAME_INVALID,
        List.of(),
        suite -> suite.shop().registerDomain(name).owner("shop@example.org").commit());
  }

  private void names() {
    name("56", "../x", "domain/product with one slash");
    name("56", "a/b", "domain/product with one slash");
    name("56", "%2e%2e", "%2e%2e", "[a-z][a-z0-9]*", "lower-case letters");
    name("56", "..", "[a-z][a-z0-9]*");
    name("57", "con", "device on Windows", "Choose");
    name("57", "CON", "[a-z][a-z0-9]*");
    name("57", "orders.", "[a-z][a-z0-9]*");
    name("57", "orders ", "[a-z][a-z0-9]*");
    name("58", "\u00f6rders", "[a-z][a-z0-9]*");
    name("59", "o".repeat(300), "300 characters", "limit is 63");
    name("59", "o".repeat(64), "64 characters", "limit is 63");
  }

  private void access() {
    table.add(
        "-",
        "an unknown product",
        NotFoundException.class,
        ErrorCode.NOT_FOUND,
        List.of("commerce/odrers", "Did you mean 'commerce/orders'?"),
        suite -> suite.shop().publish("commerce/odrers").records(Order.range(0, 1)).commit());
    table.add(
        "-",
        "one who does not own the product",
        AccessDeniedException.class,
        ErrorCode.NOT_OWNER,
        List.of(ORDERS, "stranger/etl", "shop@example.org", "Nothing was done"),
        suite ->
            suite
                .as("stranger")
                .publish(ORDERS)
                .records(List.of(new Order(1, CANARY, BigDecimal.ONE, Optional.empty())))
                .commit());
  }
}
