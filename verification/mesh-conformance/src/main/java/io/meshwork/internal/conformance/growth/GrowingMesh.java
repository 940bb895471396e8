package io.meshwork.internal.conformance.growth;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.access.AccessClient.GrantSummary;
import io.meshwork.access.GrantOperation;
import io.meshwork.access.TagSelection;
import io.meshwork.change.AmendContract;
import io.meshwork.change.DefineProduct;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Rows;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.conformance.fixture.OrderInCents;
import io.meshwork.product.Classification;
import io.meshwork.product.Principal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A mesh with a product that a consumer was granted, which grows in one dimension, and the
 * operations whose cost is compared. For one thread.
 */
final class GrowingMesh {
  private static final String ORDERS = "shop/orders";
  private static final Principal READER = Principal.of("finance", "etl");
  private static final Principal STEWARD = Principal.of("finance", "steward");

  /** A grant to several principals is one transaction, whose actions are limited. */
  private static final int GRANTS_AT_ONCE = 20;

  private static final int CONSUMERS = 10;
  private static final int CHANGES = 10;

  private final Mesh mesh;
  private final MeshClient shop;
  private final MeshClient finance;
  private final Subscription<Order> revenue;
  private final Subscription<Order> backlog;
  private long next;
  private int names;

  GrowingMesh(Mesh mesh) {
    this.mesh = mesh;
    this.shop = mesh.clientAs(Principal.of("shop", "etl"));
    this.finance = mesh.clientAs(READER);
    shop.registerDomain("shop").owner("shop@example.org").commit();
    finance.registerDomain("finance").owner("finance@example.org").commit();
    shop.defineProduct(ORDERS).contract(Contract.of(Order.class).primaryKey("id")).commit();
    shop.governance().defineTag("quarter", "q0", "q1", "q2", "q3").commit();
    grant(READER);
    shop.grant(ORDERS).to(STEWARD).withGrantOption().because("Finance shares").commit();
    for (int i = 0; i < CHANGES; i++) {
      publish(10);
    }
    this.revenue = subscription("revenue");
    this.backlog = subscription("backlog");
    poll();
  }

  private Subscription<Order> subscription(String name) {
    return finance.subscribe(ORDERS).name(name).purpose("Reports").as(Order.class).commit();
  }

  void grow(GrowthDimension dimension, int size) {
    switch (dimension) {
      case PRODUCTS -> {
        for (int i = 0; i < size; i++) {
          define();
        }
      }
      case GRANTS -> {
        for (int i = 0; i < size; i++) {
          grant(Principal.of("account" + i, "etl"));
        }
      }
      case TAG_GRANTS -> {
        shop.governance().defineTag("area", "sales").commit();
        shop.access().tag(ORDERS).set("area", "sales").commit();
        for (int i = 0; i < size; i += GRANTS_AT_ONCE) {
          grantSomeByTags(i, Math.min(size, i + GRANTS_AT_ONCE));
        }
      }
      case SUBSCRIPTIONS -> subscribe(size);
      case PUBLISHES -> {
        for (int i = 0; i < size; i++) {
          publish(3);
        }
        poll();
      }
    }
  }

  private void grantSomeByTags(int from, int to) {
    GrantOperation<?> grant = byTags();
    for (int i = from; i < to; i++) {
      grant.to(Principal.of("account" + i, "etl"));
    }
    grant.commit();
  }

  private GrantOperation<?> byTags() {
    return shop.grantByTags(TagSelection.where("area", "sales")).because("Reports");
  }

  private void subscribe(int size) {
    for (int i = 0; i < CONSUMERS; i++) {
      consumer(i).registerDomain("consumer" + i).owner("c@example.org").commit();
      grant(consumer(i).principal());
    }
    for (int i = 0; i < size; i++) {
      consumer(i % CONSUMERS).subscribe(ORDERS).name("s" + i).purpose("Reports").asMaps().commit();
    }
  }

  private MeshClient consumer(int number) {
    return mesh.clientAs(Principal.of("consumer" + number, "etl"));
  }

  /** The operations that concern one product, by name. */
  Map<String, Runnable> ofOneProduct() {
    Map<String, Runnable> all = new LinkedHashMap<>();
    all.put(
        "history of ten",
        () -> shop.publishHistory(ORDERS).changes().stream().limit(CHANGES).forEach(change -> {}));
    all.put("read as of now", this::readAsOfNow);
    all.put("publish", () -> publish(10));
    all.put("replace", this::replace);
    all.put("dry run", () -> shop.publish(ORDERS).records(orders(10)).plan());
    all.put("read", this::read);
    all.put("describe", () -> finance.describe(ORDERS));
    all.put("describe as the owner", () -> shop.describe(ORDERS));
    all.put("health of one", () -> shop.health(ORDERS));
    all.put("audit of ten", () -> shop.governance().audit().subject(ORDERS).limit(10).list());
    all.put("explain", () -> shop.access().explain(READER, ORDERS));
    all.put("grant", () -> grant(Principal.of("lab", "role" + names++)));
    all.put("plan a grant", this::planGrant);
    all.put("pass a grant on", this::passOn);
    all.put("grant and revoke", this::revoke);
    all.put("grant and plan to revoke", this::planRevocation);
    all.put("tag", this::tag);
    all.put("amend", this::amend);
    all.put("plan an amendment", () -> amendment().plan());
    all.put("define", this::define);
    all.put("plan a product", () -> definition("shop/planned").plan());
    all.put("plan a version", this::planVersion);
    all.put("plan an end", () -> shop.endProduct(ORDERS).because("Unused").plan());
    all.put("poll", this::pollOne);
    all.put("first poll", this::pollFirst);
    all.put("consumers", () -> shop.consumers(ORDERS));
    return all;
  }

  /** The changes of grants by tags in a mesh that has such grants, by name. */
  Map<String, Runnable> ofTags() {
    Map<String, Runnable> all = new LinkedHashMap<>();
    all.put("grant by tags", this::grantByTags);
    all.put("plan a grant by tags", () -> byTags().to(Principal.of("lab", "planned")).plan());
    all.put("revoke a grant by tags", () -> shop.revoke(grantByTags()).commit());
    all.put("plan to revoke one", () -> shop.revoke(grantByTags()).plan());
    return all;
  }

  /** Returns the IDs of new grants. */
  private String[] grantByTags() {
    return byTags().to(Principal.of("lab", "tagged" + names++)).commit().stream()
        .map(GrantSummary::id)
        .toArray(String[]::new);
  }

  /** The operations that list what the mesh has, by name. */
  Map<String, Runnable> listings() {
    Map<String, Runnable> all = new LinkedHashMap<>();
    all.put("products", () -> finance.products());
    all.put("search", () -> finance.search("orders").limit(20).results());
    all.put("overview", () -> shop.overview());
    all.put("health", () -> shop.health());
    all.put("grants", () -> shop.access().grants());
    all.put("who can read", () -> shop.access().whoCanRead(ORDERS));
    all.put("plan a sensitive column", this::planSensitiveColumn);
    return all;
  }

  private List<Order> orders(int count) {
    next += count;
    return Order.range(next - count, next);
  }

  private void publish(int rows) {
    shop.publish(ORDERS).records(orders(rows)).commit();
  }

  private void replace() {
    Order last = Order.of(next - 1);
    shop.publish(ORDERS).records(List.of(last)).replaceWhere("id = " + last.id()).commit();
  }

  private void read() {
    try (Rows<Order> rows = finance.read(ORDERS).as(Order.class).where("id = 5").rows()) {
      rows.forEach(order -> {});
    }
  }

  private void readAsOfNow() {
    try (Rows<Order> rows =
        finance.read(ORDERS).asOf(Instant.now()).as(Order.class).where("id = 5").rows()) {
      rows.forEach(order -> {});
    }
  }

  private GrantSummary grant(Principal to) {
    return shop.grant(ORDERS).to(to).because("Reports").commit().get(0);
  }

  private void planGrant() {
    shop.grant(ORDERS).to(Principal.of("lab", "planned")).because("Reports").plan();
  }

  /** As a recipient, to another role of its account. */
  private void passOn() {
    mesh.clientAs(STEWARD)
        .grant(ORDERS)
        .to(Principal.of(STEWARD.account(), "role" + names++))
        .because("Reports")
        .commit();
  }

  private void planRevocation() {
    GrantSummary granted = grant(Principal.of("lab", "planned"));
    shop.revoke(granted.id()).plan();
  }

  private void revoke() {
    GrantSummary granted = grant(Principal.of("lab", "role" + names++));
    shop.revoke(granted.id()).commit();
  }

  private void tag() {
    shop.access().tag(ORDERS).set("quarter", "q" + names++ % 4).commit();
  }

  private void amend() {
    amendment().commit();
  }

  private AmendContract amendment() {
    names++;
    return shop.amendContract(ORDERS).change(terms -> terms.description("Version " + names));
  }

  /** The plan lists each grant, as each gives less afterwards. */
  private void planSensitiveColumn() {
    shop.amendContract(ORDERS)
        .change(terms -> terms.classification(Classification.CONFIDENTIAL, "customer"))
        .plan();
  }

  private void planVersion() {
    shop.startRollout(ORDERS)
        .contract(Contract.of(OrderInCents.class))
        .because("Cents")
        .withoutHistory()
        .plan();
  }

  private void define() {
    definition("shop/other" + names++).commit();
  }

  private DefineProduct definition(String product) {
    return shop.defineProduct(product).contract(Contract.of(Order.class));
  }

  private void pollOne() {
    publish(1);
    poll();
  }

  private void pollFirst() {
    backlog.seekToStart().commit();
    try (Batch<Order> batch = backlog.poll()) {
      batch.forEach(order -> {});
    }
  }

  private void poll() {
    try (Batch<Order> batch = revenue.poll()) {
      batch.forEach(order -> {});
      batch.ack();
    }
  }
}
