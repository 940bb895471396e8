package io.meshwork.interchange;

import io.meshwork.MeshClient;
import io.meshwork.card.ProductCard;
import io.meshwork.consume.Subscription;
import io.meshwork.discovery.Lineage;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.NotFoundException;
import io.meshwork.product.MajorVersion;
import io.meshwork.product.ProductName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The input ports of a product: what its publishes state as their inputs, and what its domain
 * subscribes to. A subscription does not say for which product it is, so each product of the domain
 * has its port, with the evidence {@code subscribed}.
 */
final class OdpsInputs {
  private final MeshClient client;
  private final ProductCard card;
  private final Map<String, Map<String, Object>> ports = new TreeMap<>();

  private OdpsInputs(MeshClient client, ProductCard card) {
    this.client = client;
    this.card = card;
  }

  static OdpsInputs of(MeshClient client, ProductCard card) {
    OdpsInputs inputs = new OdpsInputs(client, card);
    for (ProductName input : declared(client.lineage(card.name()).upstream(1).graph())) {
      inputs.add(input, Optional.empty(), "declared");
    }
    for (Subscription.Summary subscription : inputs.subscriptions()) {
      inputs.add(subscription.product(), Optional.of(subscription.major()), "subscribed");
    }
    return inputs;
  }

  /** Returns the products that the product of a lineage states as its inputs, by name. */
  static List<ProductName> declared(Lineage lineage) {
    ProductName product = lineage.product();
    return lineage.edges().stream()
        .filter(edge -> edge.to().equals(product) && !edge.from().equals(product))
        .map(Lineage.Edge::from)
        .distinct()
        .toList();
  }

  List<Map<String, Object>> ports() {
    return new ArrayList<>(ports.values());
  }

  /** Returns the subscriptions of the product's domain; none for callers of other domains. */
  private List<Subscription.Summary> subscriptions() {
    try {
      return client.subscriptions().stream()
          .filter(subscription -> subscription.domain().equals(card.name().domain()))
          .toList();
    } catch (InvalidRequestException actsForNoDomain) {
      return List.of();
    }
  }

  private void add(ProductName input, Optional<Integer> major, String evidence) {
    if (input.equals(card.name())) {
      return;
    }
    version(input, major)
        .ifPresent(
            version -> {
              Map<String, Object> port = new LinkedHashMap<>();
              port.put("name", input.toString());
              port.put("version", version.version().toString());
              port.put("contractId", OdcsContract.of(input, version).id());
              port.put("customProperties", List.of(OdpsExport.property("evidence", evidence)));
              ports.putIfAbsent(
                  new MajorVersion(input, version.version().major()).toString(), port);
            });
  }

  /** Returns a version of an input, the current one if none is named; empty if it is gone. */
  private Optional<ProductCard.Version> version(ProductName input, Optional<Integer> major) {
    try {
      List<ProductCard.Version> versions = client.describe(input).versions();
      return versions.stream()
          .filter(version -> major.isEmpty() || version.version().major() == major.get())
          .findFirst();
    } catch (NotFoundException gone) {
      return Optional.empty();
    }
  }
}
