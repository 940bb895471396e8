package io.meshwork.walk;

import io.meshwork.consume.Rows;
import io.meshwork.product.MajorVersion;
import io.meshwork.product.Snapshot;
import io.meshwork.publish.Erase;
import io.meshwork.publish.Publish;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.publish.RollBack;
import io.meshwork.publish.StagedPublish;
import io.meshwork.walk.RolloutModel.Pair;
import io.meshwork.walk.RolloutModel.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.avro.generic.GenericRecord;

/** Steps that publish, replace, and erase rows. */
final class RowSteps {
  private static final List<String> REGIONS = List.of("a", "b", "c");

  /** The region of rows that a rollout leaves out of the older version. */
  private static final String LEFT_OUT = "z";

  private static final long TOO_HIGH = 5_000_000;
  private final RolloutWorld world;
  private final RolloutModel model;
  private final PublishEffect effect;

  RowSteps(RolloutWorld world) {
    this.world = world;
    this.model = world.model;
    this.effect = new PublishEffect(world);
  }

  void run(RolloutStep step) {
    List<Version> published = model.published();
    if (published.isEmpty()) {
      return;
    }
    Version lead = step.subject(published);
    switch (step.kind()) {
      case PUBLISH -> publish(step, lead, PublishCall.append(newOrders(step, lead)));
      case PUBLISH_TO_ONE -> publishToOne(step, lead);
      case REPLACE -> replace(step, lead);
      case ERASE -> erase(step, lead);
      case ERASE_NOW -> eraseNow(step, lead);
      case ROLL_BACK -> rollBack(step, lead);
      case STAGE -> stage(step, lead);
      case PROMOTE -> promote(step);
      case REPUBLISH -> republish(step);
      default -> throw new IllegalStateException(step.kind().toString());
    }
  }

  private List<Order> newOrders(RolloutStep step, Version lead) {
    List<Order> orders = new ArrayList<>();
    for (int i = 0; i <= step.third() % 3; i++) {
      long id = world.nextNumber();
      boolean leftOut =
          step.oneIn(2, i)
              && model.pairs.stream().anyMatch(p -> p.leavingOut && p.to <= lead.number);
      String region = leftOut ? LEFT_OUT : REGIONS.get((int) (id % REGIONS.size()));
      boolean rejected = step.oneIn(6, 10 + i);
      long cents = rejected ? TOO_HIGH : (1 + (id + step.third()) % 9) * 100;
      orders.add(new Order(id, region, "n" + id, cents));
    }
    return orders;
  }

  /** Publishes, and applies it to the model if it was accepted. */
  void publish(RolloutStep step, Version lead, PublishCall publishing) {
    String key = "k" + world.nextNumber();
    List<Version> others = others(step, lead, publishing);
    String text = publishing.code(lead, others, key);
    List<PublishReceipt> receipts = new ArrayList<>();
    RolloutWorld.Call commit =
        process -> {
          receipts.clear();
          receipts.add(publishing.commit(process, lead, others, key));
        };
    boolean done =
        step.oneIn(2, 50)
            ? world.callAsPreviewed(
                step, text, process -> publishing.isAccepted(process, lead, others, key), commit)
            : world.call(step, text + ".commit()", commit);
    if (done) {
      effect.apply(receipts.get(0), lead, publishing.naming(others));
    } else if (world.refusal().contains(" not selected in the other one")) {
      checkRefusal(lead, publishing.naming(others));
    }
  }

  private void checkRefusal(Version lead, PublishCall publishing) {
    world.require(
        Law.L8,
        publishing.selectsOtherRows(
            lead, model.all().stream().filter(Version::hasFiles).toList(), model::areMapped),
        "a call is refused for rows that other versions keep, and they keep none: "
            + world.refusal(),
        "");
  }

  private List<Version> others(RolloutStep step, Version lead, PublishCall publishing) {
    if (publishing.isToOne() || step.oneIn(7, 20)) {
      return List.of();
    }
    return model.all().stream()
        .filter(version -> version != lead && version.hasFiles())
        .filter(version -> publishing.isErase() || version.state != MajorVersion.State.WITHDRAWN)
        .toList();
  }

  private void publishToOne(RolloutStep step, Version lead) {
    if (step.oneIn(5, 31)) {
      eraseAlone(step, lead);
      return;
    }
    List<Order> orders = newOrders(step, lead);
    for (Pair pair : model.pairs) {
      boolean newer = pair.to == lead.number;
      if (pair.stands() && (newer || pair.from == lead.number) && !step.oneIn(3, 30)) {
        List<Order> missing = RolloutDifference.unpublished(model, pair, newer);
        if (!missing.isEmpty()) {
          orders = List.of(missing.get(step.third() % missing.size()));
        }
      }
    }
    publish(step, lead, PublishCall.toOne(orders));
  }

  private RowFilter filter(RolloutStep step, Version lead) {
    List<Order> rows = lead.rows;
    if (rows.isEmpty()) {
      return RowFilter.id(0);
    }
    Order row = rows.get(step.third() % rows.size());
    return switch (step.third() / 7 % 4) {
      case 0 -> RowFilter.below(300);
      case 1 -> RowFilter.region(row.region());
      default -> RowFilter.id(row.id());
    };
  }

  private void replace(RolloutStep step, Version lead) {
    if (step.oneIn(10, 1)) {
      publish(step, lead, PublishCall.replacingAll(newOrders(step, lead)));
      return;
    }
    RowFilter filter = filter(step, lead);
    if (lead.rows.isEmpty()) {
      return;
    }
    long cents = (1 + step.third() % 2) * 100L;
    Order row =
        switch (filter.kind()) {
          case ID ->
              lead.rows.stream()
                  .filter(filter::test)
                  .findFirst()
                  .map(old -> new Order(old.id(), old.region(), old.name(), cents))
                  .orElseThrow();
          case PRICE -> fresh("a", cents);
          case REGION -> fresh(filter.text(), cents);
        };
    publish(step, lead, PublishCall.replacing(List.of(row), filter, wrong(step, filter)));
  }

  Order fresh(String region, long cents) {
    long id = world.nextNumber();
    return new Order(id, region, "n" + id, cents);
  }

  /** Returns a row that breaks the contracts with a limit. */
  Order rejected() {
    return fresh("a", TOO_HIGH);
  }

  /** Returns another filter for the other versions, by mistake. */
  private static RowFilter wrong(RolloutStep step, RowFilter filter) {
    return filter.kind() == RowFilter.Kind.PRICE && step.oneIn(4, 40)
        ? RowFilter.below(filter.number() + 200)
        : filter;
  }

  void erase(RolloutStep step, Version lead) {
    RowFilter filter = filter(step, lead);
    publish(step, lead, PublishCall.erasing(filter, wrong(step, filter)));
  }

  /** Erases a row from one version alone, which can be retired. */
  void eraseAlone(RolloutStep step, Version version) {
    if (!version.rows.isEmpty()) {
      eraseAlone(step, version, RowFilter.id(step.subject(version.rows).id()));
    }
  }

  void eraseAlone(RolloutStep step, Version version, RowFilter filter) {
    String text = filter.in(version.form);
    String key = "k" + world.nextNumber();
    List<PublishReceipt> receipts = new ArrayList<>();
    Function<ShopProcess, Erase> erase =
        process ->
            process
                .shop()
                .erase(RolloutWorld.PRODUCT)
                .where(text)
                .onlyMajorVersion(version.number)
                .because("a copy")
                .idempotencyKey(key);
    if (world.callAsPreviewed(
        step,
        "@shop.erase(P).where(\"%s\").onlyMajorVersion(%d).because(\"a copy\").idempotencyKey(\"%s\")"
            .formatted(text, version.number, key),
        process -> erase.apply(process).plan().isAccepted(),
        process -> {
          receipts.clear();
          receipts.add(erase.apply(process).commit());
        })) {
      version.rows.removeIf(filter::test);
      receipts.get(0).snapshotId().ifPresent(version::remember);
    }
  }

  private void eraseNow(RolloutStep step, Version lead) {
    RowFilter filter = filter(step, lead);
    String key = "k" + world.nextNumber();
    List<Version> all = model.all().stream().filter(Version::hasFiles).toList();
    String own = filter.in(model.version(model.current).form);
    StringBuilder text = new StringBuilder("@shop.erase(P).where(\"" + own + "\")");
    all.stream()
        .filter(version -> version.number != model.current)
        .forEach(
            version ->
                text.append(
                    ".where(%d, \"%s\")".formatted(version.number, filter.in(version.form))));
    text.append(
        ".because(\"a request\").idempotencyKey(\"%s\").withProof().ignoreReaders()"
            .formatted(key));
    boolean done =
        world.call(
            step,
            text + ".commit()",
            process -> {
              Erase erase = process.shop().erase(RolloutWorld.PRODUCT).where(own);
              all.stream()
                  .filter(version -> version.number != model.current)
                  .forEach(version -> erase.where(version.number, filter.in(version.form)));
              erase.because("a request").idempotencyKey(key).withProof().ignoreReaders().commit();
            });
    if (done || world.refusal().contains("The rows are erased from the newest snapshots")) {
      effect.erased(filter);
    }
  }

  private void rollBack(RolloutStep step, Version lead) {
    if (lead.snapshotIds.isEmpty()) {
      return;
    }
    String id = lead.snapshotIds.get(step.third() % lead.snapshotIds.size());
    String key = "k" + world.nextNumber();
    List<PublishReceipt> receipts = new ArrayList<>();
    if (world.call(
        step,
        "@shop.rollBack(P).majorVersion(%d).to(@snapshot(%d, %d)).because(\"r\").idempotencyKey(\"%s\").commit()"
            .formatted(lead.number, lead.number, position(step, lead, id), key),
        process -> {
          receipts.clear();
          RollBack rollBack = process.shop().rollBack(RolloutWorld.PRODUCT);
          receipts.add(
              rollBack.majorVersion(lead.number).to(id).because("r").idempotencyKey(key).commit());
        })) {
      List<Order> rows = new ArrayList<>(lead.snapshots.getOrDefault(id, List.of()));
      rows.removeIf(model.erasedRows::contains);
      lead.rows.clear();
      lead.rows.addAll(rows);
      receipts.get(0).snapshotId().ifPresent(lead::remember);
    }
  }

  private int position(RolloutStep step, Version lead, String id) {
    List<String> ids =
        world
            .process(step)
            .shop()
            .read(RolloutWorld.PRODUCT)
            .majorVersion(lead.number)
            .snapshots()
            .stream()
            .map(Snapshot::id)
            .toList();
    return ids.indexOf(id);
  }

  private void stage(RolloutStep step, Version lead) {
    List<Order> orders = newOrders(step, lead);
    String key = "k" + world.nextNumber();
    PublishCall publishing = PublishCall.append(orders);
    List<StagedPublish> staged = new ArrayList<>();
    if (world.call(
        step,
        "stage(" + publishing.code(lead, List.of(), key) + ".stage())",
        process -> {
          staged.clear();
          staged.add(publishing.build(process, lead, List.of(), key).stage());
        })) {
      model.staged.add(new RolloutModel.StagedRows(staged.get(0).id(), key, lead.number, orders));
    }
  }

  private void promote(RolloutStep step) {
    if (model.staged.isEmpty()) {
      return;
    }
    RolloutModel.StagedRows staged = model.staged.remove(0);
    Version lead = model.version(staged.major());
    List<Version> others =
        others(step, lead, PublishCall.append(staged.rows())).stream()
            .filter(version -> model.levelWith(lead.number).contains(version.number))
            .toList();
    StringBuilder text = new StringBuilder("@staged().promote()");
    others.forEach(v -> text.append(".alsoTo(%d, V%d::of)".formatted(v.number, v.number)));
    List<PublishReceipt> receipts = new ArrayList<>();
    if (world.call(
        step,
        text + ".commit()",
        process -> {
          Optional<StagedPublish> stagedPublish =
              process.shop().stagedPublishes(RolloutWorld.PRODUCT).stream()
                  .filter(each -> each.id().equals(staged.id()))
                  .findFirst();
          if (stagedPublish.isPresent()) {
            Publish.StoredRows<GenericRecord> promote = stagedPublish.get().promote();
            others.forEach(v -> promote.alsoTo(v.number, v.form::of));
            receipts.add(promote.commit());
          } else if (world.isDisturbed()) { // it can be done, although its process ended
            PublishCall done = PublishCall.append(staged.rows());
            receipts.add(done.build(process, lead, others, staged.key()).commit());
          }
        })) {
      receipts.forEach(
          receipt ->
              effect.apply(
                  receipt,
                  lead,
                  PublishCall.append(
                      staged.rows().stream()
                          .filter(row -> !model.erasedRows.contains(row))
                          .toList())));
    }
  }

  private void republish(RolloutStep step) {
    List<Version> versions =
        model.published().stream().filter(version -> !version.quarantined.isEmpty()).toList();
    if (versions.isEmpty()) {
      return;
    }
    Version lead = step.subject(versions);
    List<Order> fixed =
        lead.quarantined.values().stream().map(row -> RowLists.withPrice(row, 200)).toList();
    boolean also = step.oneIn(2, 60);
    boolean alone = !also && step.oneIn(2, 61);
    String key = "k" + world.nextNumber();
    List<Version> others =
        also
            ? model.all().stream()
                .filter(v -> v != lead && model.levelWith(lead.number).contains(v.number))
                .toList()
            : List.of();
    StringBuilder code =
        new StringBuilder("@shop.publish(P).majorVersion(%d)".formatted(lead.number));
    if (alone) {
      code.append(".onlyMajorVersion(%d).because(\"corrected\")".formatted(lead.number));
    }
    code.append(
        ".idempotencyKey(\"%s\").republish(\"rules LIKE '%%atMost%%'\", row -> V%d.priced(row, 200))"
            .formatted(key, lead.number));
    others.forEach(v -> code.append(".alsoTo(%d, V%d::of)".formatted(v.number, v.number)));
    Function<ShopProcess, Publish.StoredRows<?>> again =
        process -> {
          Publish<?> publish =
              process
                  .shop()
                  .publish(RolloutWorld.PRODUCT)
                  .majorVersion(lead.number)
                  .idempotencyKey(key);
          if (alone) {
            publish.onlyMajorVersion(lead.number).because("corrected");
          }
          Publish.StoredRows<Map<String, Object>> republish =
              publish.republish("rules LIKE '%atMost%'", row -> lead.form.priced(row, 200));
          others.forEach(v -> republish.alsoTo(v.number, v.form::of));
          return republish;
        };
    List<PublishReceipt> receipts = new ArrayList<>();
    if (world.callAsPreviewed(
        step,
        code.toString(),
        process -> again.apply(process).plan().isAccepted(),
        process -> {
          receipts.clear();
          receipts.add(again.apply(process).commit());
        })) {
      PublishReceipt receipt = receipts.get(0);
      world.require(
          Law.L6,
          receipt.rowsAccepted() <= fixed.size(),
          "version "
              + lead.number
              + " publishes "
              + receipt.rowsAccepted()
              + " rows of its quarantine again, which has "
              + fixed.size(),
          "");
      List<Order> accepted = receipt.rowsAccepted() < fixed.size() ? readBack(lead, fixed) : fixed;
      receipt
          .otherVersions()
          .forEach(
              versionReceipt ->
                  requireMissing(lead, model.version(versionReceipt.major()), accepted));
      effect.apply(receipt, lead, PublishCall.append(accepted));
      effect.republished(receipt, accepted);
    }
  }

  /** A row that only one version quarantined is not published again to a version that has it. */
  private void requireMissing(Version lead, Version other, List<Order> published) {
    List<Order> twice =
        other.rows.stream()
            .filter(
                row ->
                    row.equals(lead.quarantined.get(row.id()))
                        && published.stream().anyMatch(again -> again.id() == row.id()))
            .toList();
    world.require(
        Law.L1,
        twice.isEmpty(),
        "version " + other.number + " gets rows of a quarantine that it has: " + twice,
        "one.show(%d);".formatted(other.number));
  }

  /** Returns those rows that a version has now, where only some could be corrected. */
  private List<Order> readBack(Version version, List<Order> rows) {
    List<Order> before = List.copyOf(version.rows);
    List<Order> now = new ArrayList<>();
    try (Rows<Map<String, Object>> read =
        world.one.shop().read(RolloutWorld.PRODUCT).majorVersion(version.number).asMaps().rows()) {
      read.forEach(row -> now.add(OrderForm.order(row)));
    }
    List<Order> added = RowLists.minus(now, before);
    return rows.stream().filter(added::contains).toList();
  }
}
