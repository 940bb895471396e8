package io.meshwork.walk;

import io.meshwork.MeshClient;
import io.meshwork.access.AccessClient.AccessOperation;
import io.meshwork.consume.Subscription;
import io.meshwork.error.MeshException;
import io.meshwork.request.AccessRequest;
import io.meshwork.rollout.StewardRequest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * IDs and objects of a world that a principal can name, whether it may use them or not: those of
 * its own and of others. For one thread.
 */
final class KnownObjects {
  private final Map<String, List<String>> ids = new HashMap<>();
  private final Map<Class<?>, List<Object>> objects = new HashMap<>();
  private final List<Subscription<?>> subscriptions = new ArrayList<>();

  void addId(String kind, String id) {
    ids.computeIfAbsent(kind, each -> new ArrayList<>()).add(id);
  }

  /** Returns the IDs of a kind; one that does not exist if there is none. */
  List<String> ids(String kind) {
    return ids.getOrDefault(kind, List.of("0".repeat(20)));
  }

  /** Returns the objects of a type; none if the principal can name none. */
  List<Object> objects(Class<?> type) {
    return objects.getOrDefault(type, List.of());
  }

  void addSubscription(Subscription<?> open) {
    subscriptions.add(open);
  }

  /** Returns the subscriptions that the principal opened, and may no longer use. */
  List<Subscription<?>> subscriptions() {
    return List.copyOf(subscriptions);
  }

  /** Adds the objects that the doors of a client give. */
  void addObjects(MeshClient client) {
    add(StewardRequest.class, () -> client.governance().pending(ShopProducts.ENDING));
    add(StewardRequest.class, () -> client.governance().pending(ShopProducts.CLOSED));
    add(AccessRequest.class, () -> client.requests().received());
    add(AccessRequest.class, () -> client.requests().sent());
    add(
        AccessOperation.class,
        () ->
            List.of(
                client.grant(ShopProducts.ORDERS).columns("id").to(World.MEMBER).because("maybe")));
  }

  private void add(Class<?> type, Supplier<? extends List<?>> some) {
    try {
      List<Object> sorted = new ArrayList<>(some.get());
      sorted.sort(Comparator.comparing(AnswerText::of)); // their IDs differ
      objects.computeIfAbsent(type, each -> new ArrayList<>()).addAll(sorted);
    } catch (MeshException denied) {
      // A principal that may not list them can name none.
    }
  }
}
