package io.meshwork.conformance;

import static io.meshwork.access.TagSelection.where;
import static io.meshwork.conformance.CrashScenario.SALES;
import static io.meshwork.conformance.CrashScenario.contract;
import static io.meshwork.conformance.CrashScenario.finance;
import static io.meshwork.conformance.CrashScenario.publishTwice;
import static io.meshwork.conformance.CrashScenario.shop;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.conformance.CrashScenario.Next;
import io.meshwork.conformance.CrashScenario.Sale;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Read;
import io.meshwork.consume.Rows;
import io.meshwork.consume.Subscribe;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.maintenance.Maintain;
import io.meshwork.product.Classification;
import io.meshwork.product.Principal;
import io.meshwork.product.Snapshot;
import io.meshwork.testkit.CrashHarness;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/** The operations that {@link CrashConformance} does not crash, such as those that only read. */
enum OtherCalls implements CrashCase {
  READ(mesh -> readAll(shop(mesh).read(SALES)), CrashScenario::publishTwice),
  READ_A_SNAPSHOT(
      mesh -> readAll(shop(mesh).read(SALES).snapshot(first(mesh).id())),
      CrashScenario::publishTwice),
  READ_THE_QUARANTINE(mesh -> readAll(shop(mesh).quarantine(SALES)), OtherCalls::quarantine),
  LIST_WAITING_ROWS(mesh -> shop(mesh).waitingRows(SALES).rows(), OtherCalls::quarantine),
  POLL(
      mesh -> {
        try (Batch<?> batch = revenue(mesh).commit().poll()) {
          batch.forEach(row -> {});
        }
      },
      OtherCalls::subscribe) {
    /** The rows of a batch are read after the poll recorded it. */
    @Override
    public boolean isOneCall() {
      return false;
    }
  },
  READ_A_SUBSCRIPTION(
      mesh -> {
        try (Rows<?> rows = revenue(mesh).commit().rows()) {
          rows.forEach(row -> {});
        }
      },
      OtherCalls::subscribe),
  SEEK(mesh -> revenue(mesh).commit().seekToNow().commit(), OtherCalls::subscribe),
  MOVE(mesh -> revenue(mesh).majorVersion(2).commit(), OtherCalls::rollOut),
  ACKNOWLEDGE(
      mesh -> {
        try (Batch<?> batch = revenue(mesh).commit().poll()) {
          batch.ack();
        }
      },
      OtherCalls::poll) {
    @Override
    public boolean isOneCall() {
      return false;
    }
  },
  TRY_OUT(
      mesh -> Objects.requireNonNull(revenue(mesh).majorVersion(2).plan()), OtherCalls::rollOut),
  DRY_RUN(
      mesh -> shop(mesh).publish(SALES).records(Sale.range(4, 6)).replaceWhere("id = 4").plan(),
      CrashScenario::publishTwice),
  DRY_RUN_OF_FILES(
      mesh -> shop(mesh).publish(SALES).files(salesFile()).plan(), CrashScenario::publishTwice),
  PLAN_AN_ERASURE(
      mesh -> shop(mesh).erase(SALES).where("id = 3").because("was asked to").withProof().plan(),
      OtherCalls::quarantine),
  ERASE_THE_QUARANTINE(
      mesh -> shop(mesh).erase(SALES).quarantineWhere("true").because("was asked to").commit(),
      OtherCalls::quarantine),
  ERASE_THE_QUARANTINE_OF_TWO_VERSIONS(
      mesh -> shop(mesh).erase(SALES).quarantineWhere("true").because("was asked to").commit(),
      OtherCalls::quarantineInTwoVersions),
  REPUBLISH_BESIDE_A_WITHDRAWN_VERSION(
      mesh ->
          shop(mesh)
              .publish(SALES)
              .republish(
                  "row_number > 0",
                  row -> {
                    row.put("amount", 1.0);
                    return row;
                  })
              .commit(),
      OtherCalls::withdraw),
  ERASE_BY_A_WITHDRAWN_VERSION(
      mesh ->
          shop(mesh).erase(SALES).majorVersion(2).where("id = 3").because("was asked to").commit(),
      OtherCalls::withdraw),
  RAISE_A_PROTECTION(
      mesh ->
          shop(mesh)
              .amendContract(SALES)
              .change(contract -> contract.classification(Classification.RESTRICTED, "shop"))
              .commit(),
      OtherCalls::rollOut),
  VERIFY(mesh -> shop(mesh).rollout(SALES).verify().commit(), OtherCalls::rollOut),
  MAINTAIN(
      mesh -> require(mesh.maintain().compactAtLeast(2).commit()), OtherCalls::publishAndErase) {
    @Override
    public Duration passing() {
      return Duration.ofDays(40);
    }
  },
  DELIVER(Mesh::deliverNotices, OtherCalls::subscribe),
  PLAN_MAINTENANCE(mesh -> mesh.maintain().plan(), OtherCalls::publishAndErase),
  DIAGNOSE(mesh -> require(mesh.doctor().problems()), OtherCalls::publishAndErase),
  DIAGNOSE_WITH_CHECKSUMS(
      mesh -> require(mesh.doctorWithChecksums().problems()), OtherCalls::publishAndErase),
  REPAIR(mesh -> require(mesh.repair().commit().problems()), OtherCalls::publishAndErase),
  VERIFY_THE_AUDIT(
      mesh -> require(shop(mesh).governance().audit().verify()), OtherCalls::publishAndErase),
  LOOK_AT_A_PRODUCT(OtherCalls::look, OtherCalls::rollOut),
  LOOK_AT_THE_MESH(OtherCalls::lookAround, OtherCalls::rollOut),
  GRANT(
      mesh -> shop(mesh).grant(SALES).to(auditor()).because("The audit").commit(),
      OtherCalls::defineClosed),
  GRANT_BY_TAGS(
      mesh -> shop(mesh).grantByTags(where("kind", "plain")).to(auditor()).because("Tags").commit(),
      OtherCalls::tag),
  GRANT_DOMAIN(
      mesh -> shop(mesh).grantDomain("commerce").to(auditor()).because("The audit").commit(),
      OtherCalls::defineClosed),
  REVOKE(
      mesh -> shop(mesh).revoke(shop(mesh).access().grants().get(0).id()).commit(),
      OtherCalls::grant),
  TAG(mesh -> shop(mesh).access().tag(SALES).set("kind", "secret").commit(), OtherCalls::tag),
  AUTHORIZE(
      mesh ->
          shop(mesh)
              .access()
              .authorize(SALES)
              .executorAccounts("central")
              .forAnyConsumer()
              .because("Stewards share")
              .commit(),
      OtherCalls::defineClosed),
  EXPLAIN_ACCESS(
      mesh -> {
        shop(mesh).access().explain(auditor(), SALES);
        shop(mesh).access().whoCanRead(SALES);
      },
      OtherCalls::grant),
  REQUEST_ACCESS(
      mesh -> finance(mesh).requests().requestAccess(SALES).purpose("The audit").commit(),
      OtherCalls::defineClosed),
  APPROVE(mesh -> shop(mesh).requests().approve(received(mesh)).commit(), OtherCalls::request),
  DENY(
      mesh -> shop(mesh).requests().deny(received(mesh)).because("No").commit(),
      OtherCalls::request),
  ASK_BACK(OtherCalls::askBack, OtherCalls::request),
  RESPOND(
      mesh -> finance(mesh).requests().respond(sent(mesh), "Because").commit(),
      mesh -> {
        request(mesh);
        askBack(mesh);
      }),
  WITHDRAW_A_REQUEST(
      mesh -> finance(mesh).requests().withdraw(sent(mesh)).commit(), OtherCalls::request),
  DECLINE_A_SUGGESTION(
      mesh ->
          shop(mesh)
              .suggestions()
              .decline(shop(mesh).suggestions().received().get(0).id())
              .because("No")
              .commit(),
      mesh -> {
        publishTwice(mesh);
        finance(mesh).suggestions().suggest(SALES).text("Add the till").commit();
      }),
  SUSPEND(
      mesh -> shop(mesh).governance().suspendReads(SALES).because("Wrong prices").commit(),
      CrashScenario::publishTwice),
  RESUME(
      mesh -> shop(mesh).governance().resumeReads(SALES).commit(),
      mesh -> {
        publishTwice(mesh);
        shop(mesh).governance().suspendReads(SALES).because("Wrong prices").commit();
      }),
  APPOINT(mesh -> shop(mesh).governance().appoint(auditor()).commit(), CrashScenario::publishTwice),
  END_A_PRODUCT(
      mesh -> shop(mesh).endProduct(SALES).because("Unused").commit(), CrashScenario::publishTwice),
  LOOK_AT_AN_END(
      mesh -> shop(mesh).productEnd(SALES).tracks(),
      mesh -> {
        publishTwice(mesh);
        shop(mesh).endProduct(SALES).because("Unused").commit();
      }),
  AMEND_TERMS(OtherCalls::amendTerms, OtherCalls::promise),
  LOOK_AT_AN_AMENDMENT(
      mesh -> shop(mesh).termsAmendment(SALES).tracks(),
      mesh -> {
        promise(mesh);
        amendTerms(mesh);
      });

  private final Consumer<Mesh> act;
  private final Consumer<Mesh> setUp;

  OtherCalls(Consumer<Mesh> act, Consumer<Mesh> setUp) {
    this.act = act;
    this.setUp = setUp;
  }

  @Override
  public Consumer<Mesh> setUp() {
    return setUp;
  }

  @Override
  public Consumer<Mesh> act() {
    return act;
  }

  @Override
  public boolean isOneCall() {
    return true;
  }

  @Override
  public CrashHarness harness() {
    return CrashHarness.of(name(), act).after(setUp).advanceClock(passing());
  }

  private static void readAll(Read<?> read) {
    try (Rows<?> rows = read.rows()) {
      rows.forEach(row -> {});
    }
  }

  private static Snapshot first(Mesh mesh) {
    List<Snapshot> snapshots = shop(mesh).read(SALES).snapshots();
    return snapshots.get(snapshots.size() - 1);
  }

  private static Subscribe<?> revenue(Mesh mesh) {
    return finance(mesh).subscribe(SALES).name("revenue").purpose("Monthly revenue").asMaps();
  }

  private static void subscribe(Mesh mesh) {
    publishTwice(mesh);
    revenue(mesh).commit();
  }

  private static void poll(Mesh mesh) {
    subscribe(mesh);
    try (Batch<?> batch = revenue(mesh).commit().poll()) {
      batch.forEach(row -> {});
    }
  }

  private static void quarantine(Mesh mesh) {
    publishTwice(mesh);
    shop(mesh).publish(SALES).records(Sale.withBadRow(20, 26)).idempotencyKey("third").commit();
  }

  private static void publishAndErase(Mesh mesh) {
    quarantine(mesh);
    shop(mesh).erase(SALES).where("id = 3").because("was asked to").idempotencyKey("e").commit();
  }

  private static void rollOut(Mesh mesh) {
    subscribe(mesh);
    shop(mesh)
        .startRollout(SALES)
        .contract(contract(Next.Sale.class))
        .renameColumn("shop", "branch")
        .because("Branches")
        .commit()
        .backFill()
        .commit()
        .activate()
        .commit();
  }

  private static void promise(Mesh mesh) {
    publishTwice(mesh);
    shop(mesh).amendContract(SALES).change(it -> it.freshWithin(Duration.ofHours(1))).commit();
  }

  private static void amendTerms(Mesh mesh) {
    shop(mesh)
        .amendTerms(SALES)
        .contract(contract(Sale.class).freshWithin(Duration.ofHours(6)))
        .because("Four runs a day")
        .commit();
  }

  private static void quarantineInTwoVersions(Mesh mesh) {
    rollOut(mesh);
    shop(mesh).publish(SALES).records(Sale.withBadRow(20, 26)).idempotencyKey("third").commit();
  }

  private static void withdraw(Mesh mesh) {
    quarantineInTwoVersions(mesh);
    shop(mesh).rollout(SALES).abort().because("Shops have no branches").commit();
  }

  /** A product that others may not read. */
  private static void defineClosed(Mesh mesh) {
    MeshClient shop = shop(mesh);
    shop.registerDomain("commerce").owner("shop@example.org").commit();
    finance(mesh).registerDomain("finance").owner("finance@example.org").commit();
    shop.defineProduct(SALES).contract(contract(Sale.class)).commit();
  }

  private static Principal auditor() {
    return Principal.of("finance", "auditor");
  }

  private static void grant(Mesh mesh) {
    defineClosed(mesh);
    shop(mesh).grant(SALES).to(auditor()).because("The audit").commit();
  }

  private static Path salesFile() {
    try {
      Path file = Files.createTempFile("sales", ".jsonl");
      file.toFile().deleteOnExit();
      return Files.writeString(file, "{\"id\":7,\"shop\":\"a\",\"amount\":1.5}\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void tag(Mesh mesh) {
    defineClosed(mesh);
    shop(mesh).governance().defineTag("kind", "plain", "secret").commit();
    shop(mesh).access().tag(SALES).set("kind", "plain").commit();
  }

  private static void request(Mesh mesh) {
    defineClosed(mesh);
    finance(mesh).requests().requestAccess(SALES).purpose("The audit").commit();
  }

  private static void askBack(Mesh mesh) {
    shop(mesh).requests().requestClarification(received(mesh), "Why?").commit();
  }

  private static String received(Mesh mesh) {
    return shop(mesh).requests().received().get(0).id();
  }

  private static String sent(Mesh mesh) {
    return finance(mesh).requests().sent().get(0).id();
  }

  private static void look(Mesh mesh) {
    MeshClient shop = shop(mesh);
    shop.describe(SALES);
    shop.health(SALES);
    shop.publishHistory(SALES).changes();
    shop.publishHistory(SALES).quality();
    shop.publishHistory(SALES).receipts();
    shop.contractHistory(SALES);
    shop.consumers(SALES);
    shop.subscriptions(SALES);
    shop.lineage(SALES).upstream(1).downstream(1).graph();
    shop.impactOf(SALES);
    shop.faultOf(SALES);
    shop.events(SALES).list();
    shop.rollout(SALES).tracks();
    shop.stagedPublishes(SALES);
    shop.read(SALES).snapshots();
    shop.read(SALES).files();
  }

  private static void lookAround(Mesh mesh) {
    MeshClient shop = shop(mesh);
    shop.products();
    shop.overview();
    shop.health();
    shop.describeDomain("commerce");
    shop.search("sales").results();
    shop.uses("finance");
    shop.avoidedCopies();
    shop.rollouts();
    shop.rollouts(SALES);
    finance(mesh).subscriptions();
    shop.governance().audit().list();
    shop.governance().domainQuality("commerce");
    shop.governance().accessReview("commerce");
    shop.requests().received();
    shop.suggestions().received();
  }

  /** A store that failed once damaged nothing. */
  private static void require(List<Finding> findings) {
    if (!findings.isEmpty()) {
      throw new AssertionError("these were found: " + findings);
    }
  }

  private static void require(Maintain.Report report) {
    require(
        report.remaining().stream()
            .filter(each -> each.code() == FindingCode.DAMAGE_SKIPPED)
            .toList());
  }
}
