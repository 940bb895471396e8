package io.meshwork.internal.conformance.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.access.AccessClient.Authorize;
import io.meshwork.access.GrantOperation;
import io.meshwork.contract.Contract;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.product.Principal;
import io.meshwork.testkit.InMemoryMesh;
import io.meshwork.testkit.ManualClock;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * For random authorizations and executions, no consumer reads a cell that no authorization covers.
 * The model contains no grants; it lists the cells of each authorization.
 */
class NeverMoreThanAuthorizedTest {
  private static final String ORDERS = "commerce/orders";
  private static final Principal STEWARD = Principal.of("central", "steward");
  private static final List<Principal> CONSUMERS =
      List.of(
          Principal.of("finance", "etl"),
          Principal.of("finance", "analyst"),
          Principal.of("growth", "etl"));
  private static final List<String> COLUMNS = List.of("id", "customer", "amount", "note");
  private static final int ROWS = 7;

  /** Conditions with their matching rows. */
  private static final Map<String, Set<Long>> CONDITIONS =
      Map.of(
          "id > 3", Set.of(4L, 5L, 6L),
          "id < 6", Set.of(0L, 1L, 2L, 3L, 4L, 5L),
          "id IN (1, 4)", Set.of(1L, 4L));

  private final ManualClock clock = ManualClock.at(Instant.parse("2026-11-20T08:00:00Z"));
  private int granted;
  private int refused;

  /** The cells that an authorization covers, and its expiry. */
  private record AuthorizedCells(
      Optional<Principal> to, Set<String> columns, Set<Long> rows, Optional<Instant> until) {}

  @Test
  void anExecutorNeverGrantsMoreThanWasAuthorized() {
    for (long seed = 1; seed <= 8; seed++) {
      run(seed);
    }
    assertThat(granted).as("executed grants").isGreaterThan(15);
    assertThat(refused).as("denied grants").isGreaterThan(40);
  }

  private void run(long seed) {
    Random random = new Random(seed);
    try (Mesh mesh = InMemoryMesh.builder().clock(clock).testing().idSeed(seed).open()) {
      MeshClient shop = mesh.clientAs(Principal.of("commerce", "etl"));
      shop.registerDomain("commerce").owner("shop@example.org").commit();
      for (String consumer : List.of("finance", "growth")) {
        mesh.clientAs(Principal.of(consumer, "etl"))
            .registerDomain(consumer)
            .owner(consumer + "@example.org")
            .commit();
      }
      shop.defineProduct(ORDERS).contract(Contract.of(Order.class)).commit();
      shop.publish(ORDERS).records(Order.range(0, ROWS)).commit();
      List<AuthorizedCells> lets = new ArrayList<>();
      List<String> ids = new ArrayList<>();
      for (int step = 0; step < 30; step++) {
        String what = "seed " + seed + ", step " + step;
        if (step == 0 || random.nextInt(4) == 0) {
          authorize(shop, random, lets, ids);
        } else if (!ids.isEmpty() && random.nextInt(8) == 0) {
          shop.access().withdrawAuthorization(ids.remove(random.nextInt(ids.size()))).commit();
        } else if (random.nextInt(8) == 0) {
          clock.advance(Duration.ofHours(5));
        } else {
          int before = granted;
          attempt(mesh.clientAs(STEWARD), random);
          if (granted > before) {
            requireNoMore(mesh, lets, what);
          }
        }
      }
    }
  }

  private void authorize(
      MeshClient shop, Random random, List<AuthorizedCells> lets, List<String> ids) {
    Authorize.ByName authorize = shop.access().authorize(ORDERS).executors(STEWARD).because("test");
    Optional<Principal> to =
        random.nextBoolean() ? Optional.of(pick(random, CONSUMERS)) : Optional.empty();
    to.ifPresentOrElse(authorize::consumers, authorize::forAnyConsumer);
    Set<String> columns = new HashSet<>(COLUMNS);
    int kind = random.nextInt(3);
    if (kind == 1) {
      columns = some(random);
      authorize.columns(columns.toArray(String[]::new));
    } else if (kind == 2) {
      Set<String> without = some(random);
      columns.removeAll(without);
      authorize.exceptColumns(without.toArray(String[]::new));
    }
    Set<Long> rows = new HashSet<>(CONDITIONS.get("id < 6"));
    rows.addAll(CONDITIONS.get("id > 3"));
    if (random.nextBoolean()) {
      String condition = pick(random, CONDITIONS.keySet().stream().sorted().toList());
      rows = CONDITIONS.get(condition);
      authorize.rows(condition);
    }
    Optional<Instant> until =
        random.nextBoolean()
            ? Optional.of(clock.instant().plus(Duration.ofHours(1 + random.nextInt(12))))
            : Optional.empty();
    until.ifPresent(authorize::until);
    if (random.nextInt(4) == 0) {
      authorize.withGrantOption();
    }
    ids.add(authorize.commit().id());
    lets.add(new AuthorizedCells(to, columns, rows, until));
  }

  private void attempt(MeshClient steward, Random random) {
    GrantOperation.ByName grant = steward.grant(ORDERS).because("test");
    if (random.nextInt(5) == 0) {
      grant.toAccounts(pick(random, CONSUMERS).account());
    } else {
      grant.to(pick(random, CONSUMERS));
    }
    int kind = random.nextInt(4);
    if (kind == 1 || kind == 2) {
      grant.columns(some(random).toArray(String[]::new));
    } else if (kind == 3) {
      grant.exceptColumns(some(random).toArray(String[]::new));
    }
    List<String> conditions = CONDITIONS.keySet().stream().sorted().toList();
    switch (random.nextInt(4)) {
      case 1 -> grant.rows(pick(random, conditions));
      case 2 -> grant.rows(pick(random, conditions) + " AND " + pick(random, conditions));
      case 3 -> grant.rows(pick(random, conditions) + " OR " + pick(random, conditions));
      default -> {}
    }
    if (random.nextBoolean()) {
      grant.until(clock.instant().plus(Duration.ofHours(1 + random.nextInt(12))));
    }
    if (random.nextInt(10) == 0) {
      grant.withGrantOption();
    }
    try {
      granted += grant.commit().size();
    } catch (AccessDeniedException notAuthorized) {
      refused++;
    } catch (InvalidRequestException againstARule) {
      assertThat(againstARule).hasMessageContaining("Nothing was changed");
    }
  }

  private void requireNoMore(Mesh mesh, List<AuthorizedCells> lets, String what) {
    for (Principal who : CONSUMERS) {
      Set<String> allowed = new HashSet<>();
      for (AuthorizedCells let : lets) {
        if (let.to().filter(to -> !to.equals(who)).isEmpty()
            && let.until().filter(end -> !clock.instant().isBefore(end)).isEmpty()) {
          let.rows().forEach(row -> let.columns().forEach(each -> allowed.add(row + each)));
        }
      }
      assertThat(allowed).as(what + ": what " + who + " reads").containsAll(read(mesh, who));
    }
  }

  /**
   * Returns the cells that a principal reads, by row and column, without nulls, which identify no
   * row.
   */
  private static Set<String> read(Mesh mesh, Principal who) {
    Set<String> cells = new HashSet<>();
    try {
      for (Map<String, Object> row : MeshFixture.all(mesh.clientAs(who).read(ORDERS).asMaps())) {
        row.forEach(
            (column, value) -> {
              if (value != null) {
                cells.add(number(column, value) + column);
              }
            });
      }
    } catch (AccessDeniedException nothing) {
      assertThat(nothing.whoCanGrant()).isNotEmpty();
    }
    return cells;
  }

  /** Each value of an order identifies the order. */
  private static long number(String column, Object value) {
    return switch (column) {
      case "id" -> (Long) value;
      case "amount" -> ((BigDecimal) value).unscaledValue().longValueExact() / 101;
      default -> Long.parseLong(value.toString().substring(column.length() + 1));
    };
  }

  private static Set<String> some(Random random) {
    Set<String> some = new HashSet<>();
    some.add(pick(random, COLUMNS));
    some.add(pick(random, COLUMNS));
    return some;
  }

  private static <T> T pick(Random random, List<T> from) {
    return from.get(random.nextInt(from.size()));
  }
}
