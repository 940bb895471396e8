package io.meshwork.internal.conformance.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.MeshClient;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Subscribe;
import io.meshwork.consume.Subscription;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A copy of a product that a consumer maintains by polling, in one major version after another. */
final class ConsumerCopy {
  final String name;
  private final Supplier<MeshClient> client;
  private final RowFilter where;
  private final Supplier<RowFilter> rights;
  private @Nullable Subscription<Map<String, Object>> subscription;
  private List<ModelRow> rows = new ArrayList<>();
  private MajorColumns columns = MajorColumns.FIRST;
  private int major = 1;

  /**
   * Creates a copy without a subscription.
   *
   * @param where the filter of the subscription
   * @param rights supplies the rows that the reader may currently see
   */
  ConsumerCopy(
      String name, Supplier<MeshClient> client, RowFilter where, Supplier<RowFilter> rights) {
    this.name = name;
    this.client = client;
    this.where = where;
    this.rights = rights;
  }

  int major() {
    return major;
  }

  /** Subscribes, or moves the subscription to another major version. */
  void subscribe(int number, MajorColumns names) {
    Subscribe<?> subscribe =
        client
            .get()
            .subscribe(MeshFixture.ORDERS)
            .name(name)
            .purpose("a copy")
            .majorVersion(number)
            .limit(20);
    if (!where.equals(RowFilter.ALL)) {
      subscribe = subscribe.where(where.text(names));
    }
    subscription = subscribe.asMaps().commit();
    major = number;
    columns = names;
  }

  void unsubscribe() {
    client.get().unsubscribe(MeshFixture.ORDERS, name).because("test").commit();
    subscription = null;
    rows = new ArrayList<>();
  }

  boolean isSubscribed() {
    return subscription != null;
  }

  /**
   * Applies the next batches, and after the last one compares the copy.
   *
   * @param most how many
   * @param matches returns the predicate of a filter's text
   */
  void poll(int most, Function<String, Predicate<ModelRow>> matches, ProductModel model) {
    for (int i = 0; i < most; i++) {
      try (Batch<Map<String, Object>> batch = Objects.requireNonNull(subscription).poll()) {
        if (batch.isEmpty()) {
          // A table without a snapshot has no batch that could empty the copy.
          if (!model.neverWritten.contains(major)) {
            assertThat(rows).as("copy %s", name).containsExactlyInAnyOrderElementsOf(seen(model));
          }
          return;
        }
        apply(batch, matches);
        batch.ack();
      }
    }
  }

  private void apply(
      Batch<Map<String, Object>> batch, Function<String, Predicate<ModelRow>> matches) {
    switch (batch.kind()) {
      case ADDED -> assertThat(batch.predicate()).isEmpty();
      case REPLACED, ERASED -> rows.removeIf(matches.apply(batch.predicate().orElseThrow()));
      case RESET -> rows = new ArrayList<>();
    }
    batch.forEach(values -> rows.add(columns.row(values)));
  }

  private List<ModelRow> seen(ProductModel model) {
    return model.rows.getOrDefault(major, List.of()).stream()
        .filter(where.matches())
        .filter(rights.get().matches())
        .toList();
  }
}
