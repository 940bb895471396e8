package io.meshwork.conformance;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Rows;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Partition;
import io.meshwork.contract.Rule;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.error.NotFoundException;
import io.meshwork.internal.ledger.HostClock;
import io.meshwork.maintenance.Maintain;
import io.meshwork.notice.Notifier.DeliveryReport;
import io.meshwork.operation.Plan;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.Principal;
import io.meshwork.publish.Erase;
import io.meshwork.publish.Erase.Proof;
import io.meshwork.publish.Feed;
import io.meshwork.publish.Publish;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.publish.StagedPublish;
import io.meshwork.testkit.CrashHarness;
import io.meshwork.testkit.MeshPlace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The operations that {@link CrashConformance} crashes. Each starts with a product of sales in two
 * shops after two publishes, unless the scenario defines its own.
 */
enum CrashScenario implements CrashCase {
  APPEND(mesh -> publish(mesh).records(Sale.range(20, 26)).commit()),
  APPEND_WITH_ROWS_SET_ASIDE(mesh -> publish(mesh).records(Sale.withBadRow(20, 26)).commit()),
  REPLACE_ALL(mesh -> publish(mesh).records(Sale.range(20, 26)).replaceAll().commit()),
  REPLACE_PARTITIONS(
      mesh -> publish(mesh).records(Sale.inShop("a", 20, 23)).replacePartitions().commit()),
  REPLACE_WHERE(
      mesh -> publish(mesh).records(Sale.range(4, 6)).replaceWhere("id >= 3 and id < 8").commit()),
  ERASE(mesh -> erase(mesh).where("id = 3 or id = 8").because("was asked to").commit()),
  STAGE(mesh -> publish(mesh).records(Sale.withBadRow(20, 26)).stage()),
  PROMOTE(CrashScenario::promote, CrashScenario::stageReplacement),
  DISCARD_STAGED(
      mesh -> shop(mesh).stagedPublishes(CrashScenario.SALES).forEach(StagedPublish::discard),
      CrashScenario::stageReplacement),
  EXPIRE_STAGED(mesh -> mesh.maintain().commit(), CrashScenario::stageReplacement),
  ERASE_STAGED(
      mesh -> erase(mesh).where("id = 5").because("was asked to").commit(),
      CrashScenario::stageReplacement),
  REPUBLISH(CrashScenario::republish, CrashScenario::quarantine),
  ERASE_NOW(mesh -> eraseNow(mesh), CrashScenario::stageReplacement),
  FEED(CrashScenario::feed),
  ONBOARD(CrashScenario::onboard, CrashScenario::registerShop),
  REFRESH(
      mesh -> shop(mesh).onboard(CrashScenario.SALES).refresh().commit(),
      CrashScenario::registerAndOnboard),
  ROLL_BACK(
      mesh ->
          shop(mesh)
              .rollBack(CrashScenario.SALES)
              .to(snapshotOf(mesh, "first"))
              .because("the second was wrong")
              .idempotencyKey("run")
              .commit()),
  AMEND(
      mesh ->
          shop(mesh)
              .amendContract(CrashScenario.SALES, contract(Later.Sale.class))
              .because("Tills are known now")
              .commit()),
  SUBSCRIBE(
      mesh ->
          finance(mesh)
              .subscribe(CrashScenario.SALES)
              .name("revenue")
              .purpose("Monthly revenue")
              .commit()),
  UNSUBSCRIBE(
      mesh -> finance(mesh).unsubscribe(CrashScenario.SALES, "revenue").commit(),
      CrashScenario::publishAndPoll),
  POLL_AND_ACK(
      mesh -> {
        Subscription<?> revenue =
            finance(mesh)
                .subscribe(CrashScenario.SALES)
                .name("revenue")
                .purpose("Monthly revenue")
                .commit();
        while (ackNext(revenue)) {
          // until there are no new batches
        }
      }),
  POLL_AND_PUBLISH(CrashScenario::copyAll, CrashScenario::prepareCopy),
  MAINTAIN(CrashScenario::maintain, CrashScenario::publishFourTimes),
  EXPIRE_AND_TRIM(CrashScenario::maintainAfterSilence, CrashScenario::publishManyTimes),
  ARCHIVE(CrashScenario::subscribeAndMaintain, CrashScenario::publishAndSubscribe),
  DELIVER_NOTICES(CrashScenario::deliverAll, CrashScenario::causeNotices),
  FORGET_NOTIFIER(
      mesh -> mesh.forgetNotifier(CrashScenario.NOTIFIER).commit(), CrashScenario::leaveNotices),
  OPERATE(CrashScenario::operate, CrashScenario::publishFourTimesWithNotices),
  REGISTER_AND_DEFINE(CrashScenario::define, mesh -> {}),
  MOVE(CrashScenario::moveAndCopyAll, CrashScenario::prepareMove),
  DEFINE_IN_A_PLACE(CrashScenario::defineInAPlace, mesh -> {}),
  PUBLISH_IN_TWO_PLACES(CrashScenario::copyAll, CrashScenario::prepareTwoPlaces),
  EXECUTE_GRANT(CrashScenario::grantForTheShop, CrashScenario::authorize),
  WITHDRAW_AUTHORIZATION(CrashScenario::withdrawAuthorizations, CrashScenario::prepareWithdrawal),
  SUGGEST(CrashScenario::suggest),
  ANSWER_SUGGESTION(CrashScenario::answerSuggestion, CrashScenario::prepareSuggestion);

  static final String SALES = "commerce/sales";

  /** How long a run that operates the mesh may take. */
  private static final Duration WITHIN = Duration.ofMinutes(13);

  /** The name of the notifier that the harness adds. */
  private static final String NOTIFIER = "crash-harness";

  private static final String COPY = "finance/sales-copy";

  /** The number of notices that {@link #causeNotices} causes. */
  private static final int NOTICES = 6;

  private final Consumer<Mesh> act;
  private final Consumer<Mesh> setUp;

  CrashScenario(Consumer<Mesh> act) {
    this(act, CrashScenario::publishTwice);
  }

  CrashScenario(Consumer<Mesh> act, Consumer<Mesh> setUp) {
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
  public Duration passing() {
    return switch (this) {
      case EXPIRE_AND_TRIM -> HostClock.KEYS_STAY.plusDays(1);
      case ARCHIVE -> Duration.ofDays(32);
      case EXPIRE_STAGED -> Duration.ofDays(8);
      default -> Duration.ZERO;
    };
  }

  @Override
  public boolean isOneCall() {
    return switch (this) {
      case POLL_AND_ACK,
          POLL_AND_PUBLISH,
          MOVE,
          PUBLISH_IN_TWO_PLACES,
          REGISTER_AND_DEFINE,
          DEFINE_IN_A_PLACE,
          FEED,
          MAINTAIN,
          EXPIRE_AND_TRIM,
          ARCHIVE,
          DELIVER_NOTICES,
          FORGET_NOTIFIER,
          OPERATE ->
          false;
      default -> true;
    };
  }

  @Override
  public CrashHarness harness() {
    CrashHarness harness =
        CrashHarness.of(name(), act)
            .after(setUp)
            .advanceClock(passing())
            .maintainBy(mesh -> mesh.maintain().commit());
    return switch (this) {
      case POLL_AND_ACK, MAINTAIN, REGISTER_AND_DEFINE, DEFINE_IN_A_PLACE -> harness.severalSteps();
      case POLL_AND_PUBLISH, MOVE, PUBLISH_IN_TWO_PLACES ->
          harness.severalSteps().check("each row once", CrashScenario::requireCopy);
      case EXPIRE_AND_TRIM ->
          harness
              .severalSteps()
              // Postponed and rediscovered work gets its own log entries and fences.
              .byAnyWay("log/", "head", "fence/", "clock")
              .maintainBy(mesh -> mesh.maintain().trustClock().commit())
              .afterKilled(mesh -> publish(mesh).records(Sale.range(90, 96)).commit())
              .check("nothing is due", CrashScenario::requireNothingDue);
      // Two days later the log of the subscription is archived too, in a file that overlaps
      // another
      // one.
      case ARCHIVE ->
          harness
              .severalSteps()
              // By then more log parts are closed, so the archives differ, and leftover files are
              // fenced.
              .byAnyWay("log/", "head", "archive/", "fence/", "clock")
              .recoverAfter(Duration.ofDays(2))
              .check("the logs are archived", CrashScenario::requireArchives);
      case DELIVER_NOTICES ->
          harness
              .severalSteps()
              .withNotifier()
              .byAnyWay()
              .recoverAfter(Duration.ofMinutes(2))
              .recoverBy(Mesh::deliverNotices)
              .check("no pending notices", CrashScenario::requireNoPendingNotices);
      case FORGET_NOTIFIER ->
          harness
              .severalSteps()
              .withNotifier()
              // The next process uses the notifier too, which it then forgets again.
              .byAnyWay("log/", "head")
              .recoverBy(CrashScenario::forgetWhatIsLeft)
              .check("nothing is left", CrashScenario::requireForgotten);
      case OPERATE ->
          harness
              .severalSteps()
              .withNotifier()
              // Of two runs, the second also passes the log entries of the first one's compaction.
              .byAnyWay("log/", "head", "fence/", "clock", "cursor/", "operating")
              .recoverAfter(WITHIN)
              .recoverBy(mesh -> mesh.operate(WITHIN))
              .check("nothing is due", CrashScenario::requireNothingToOperate);
      case FEED -> harness.severalSteps().check("each row once", CrashScenario::requireFed);
      case ONBOARD -> harness.severalSteps().check("each file once", mesh -> requireFiles(mesh, 2));
      case REFRESH -> harness.check("each file once", mesh -> requireFiles(mesh, 4));
      case ERASE_NOW ->
          harness
              .severalSteps()
              // Leftover files are fenced, and a file that was deleted already is not listed.
              .byAnyWay("log/", "head", "fence/", "clock")
              .recoverAfter(Duration.ofDays(2))
              .check("the erasure is proved", CrashScenario::requireProof);
      case PROMOTE ->
          harness
              .check("nothing is staged", CrashScenario::requireNothingStaged)
              .check("each row once", CrashScenario::requirePromoted);
      case REPUBLISH -> harness.check("each row once", CrashScenario::requireRepublished);
      case DISCARD_STAGED ->
          harness.check("nothing is staged", CrashScenario::requireNothingStaged);
      case EXPIRE_STAGED ->
          harness
              .severalSteps()
              .byAnyWay("log/", "head", "fence/", "clock")
              .check("nothing is staged", CrashScenario::requireNothingStaged);
      case EXECUTE_GRANT, WITHDRAW_AUTHORIZATION ->
          harness.check("the grant is effective", CrashScenario::requireGrant);
      case SUGGEST, ANSWER_SUGGESTION ->
          harness.check("one suggestion", CrashScenario::requireOneSuggestion);
      default -> harness;
    };
  }

  @Override
  public CrashHarness harnessWithWrongClocks() {
    // A file that a killed process left may then be that of a running publish, which the proof of
    // an erasure names.
    return this == ERASE_NOW ? harness().byAnyWay("erasure/") : harness();
  }

  /** Files of another program: two at first, and two that appear later. */
  @Override
  public MeshPlace at(MeshPlace place, boolean embedded) {
    return switch (this) {
      case ONBOARD -> LakePlace.beside(place, embedded, filesOf(0, 6), List.of());
      case REFRESH -> LakePlace.beside(place, embedded, filesOf(0, 6), filesOf(6, 12));
      default -> place;
    };
  }

  private static List<List<Sale>> filesOf(long from, long to) {
    long middle = (from + to) / 2;
    return List.of(Sale.range(from, middle), Sale.range(middle, to));
  }

  private static void registerShop(Mesh mesh) {
    shop(mesh).registerDomain("commerce").owner("shop@example.org").commit();
  }

  private static void onboard(Mesh mesh) {
    shop(mesh).onboard(SALES).contract(contract(Sale.class)).from(LakePlace.FOLDER).commit();
  }

  private static void registerAndOnboard(Mesh mesh) {
    registerShop(mesh);
    onboard(mesh);
  }

  private static void requireFiles(Mesh mesh, int files) {
    requireSales(mesh, Sale.range(0, 3L * files));
    List<PublishReceipt> receipts = shop(mesh).publishHistory(SALES).receipts();
    if (receipts.stream().mapToLong(PublishReceipt::files).sum() != files) {
      throw new AssertionError("registered are " + receipts);
    }
  }

  private static void requireFed(Mesh mesh) {
    requireSales(mesh, joined(List.of(Sale.range(0, 10), Sale.range(20, 27))));
  }

  private static void requirePromoted(Mesh mesh) {
    requireSales(mesh, joined(List.of(Sale.range(0, 3), Sale.range(4, 6), Sale.range(8, 10))));
  }

  private static void requireRepublished(Mesh mesh) {
    requireSales(
        mesh,
        joined(List.of(Sale.range(0, 10), Sale.range(20, 26), List.of(new Sale(26, "a", 1)))));
  }

  private static List<Sale> joined(List<List<Sale>> parts) {
    return parts.stream().flatMap(List::stream).toList();
  }

  private static void requireSales(Mesh mesh, List<Sale> expected) {
    try (Rows<Sale> rows = shop(mesh).read(SALES).as(Sale.class).rows()) {
      List<Sale> sales = new ArrayList<>();
      rows.forEach(sales::add);
      sales.sort(Comparator.comparingLong(Sale::id));
      if (!sales.equals(expected)) {
        throw new AssertionError("published are " + sales);
      }
    }
  }

  /** Stages rows that replace others, one of which breaks a rule. */
  private static void stageReplacement(Mesh mesh) {
    publishTwice(mesh);
    shop(mesh)
        .publish(SALES)
        .records(Sale.withBadRow(4, 6))
        .replaceWhere("id >= 3 and id < 8")
        .idempotencyKey("run")
        .stage();
  }

  private static void promote(Mesh mesh) {
    shop(mesh).stagedPublishes(SALES).forEach(staged -> staged.promote().commit());
  }

  private static void quarantine(Mesh mesh) {
    publishTwice(mesh);
    shop(mesh).publish(SALES).records(Sale.withBadRow(20, 26)).idempotencyKey("third").commit();
  }

  private static void republish(Mesh mesh) {
    publish(mesh)
        .republish(
            "rules LIKE '%amount%'",
            row -> {
              row.put("amount", 1.0);
              return row;
            })
        .commit();
  }

  private static void suggest(Mesh mesh) {
    finance(mesh).suggestions().suggest(SALES).text("Add the till").commit();
  }

  private static void prepareSuggestion(Mesh mesh) {
    publishTwice(mesh);
    suggest(mesh);
  }

  private static void answerSuggestion(Mesh mesh) {
    String id = shop(mesh).suggestions().received().get(0).id();
    shop(mesh).suggestions().accept(id).version(ContractVersion.FIRST).commit();
  }

  private static void requireOneSuggestion(Mesh mesh) {
    if (finance(mesh).suggestions().sent().size() != 1) {
      throw new AssertionError("not one suggestion");
    }
  }

  /** The job of a producer with an endless source, which it reads again after a crash. */
  private static void feed(Mesh mesh) {
    try (Feed<Sale> feed = shop(mesh).<Sale>feed(SALES, "tills").rowsPerCommit(3).open()) {
      for (Sale sale : Sale.range(20, 27)) {
        feed.accept(sale.id(), sale);
      }
      feed.commit();
    }
  }

  private static Proof eraseNow(Mesh mesh) {
    return shop(mesh)
        .erase(SALES)
        .where("id = 3 or id = 5")
        .because("was asked to")
        .idempotencyKey("request")
        .withProof()
        .commit();
  }

  private static void requireProof(Mesh mesh) {
    requireSales(mesh, joined(List.of(Sale.range(0, 3), Sale.range(4, 5), Sale.range(6, 10))));
    if (!shop(mesh).stagedPublishes(SALES).stream()
        .allMatch(staged -> staged.erasedBy().isPresent())) {
      throw new AssertionError("rows to erase are staged");
    }
    Proof proof = eraseNow(mesh);
    // Only with a wrong clock, a file that was left may be that of a running publish.
    long outOfReach =
        proof.outOfReach().stream()
            .filter(each -> !each.contains("its publish may be running"))
            .filter(each -> !each.startsWith("The names of folders"))
            .count();
    if (proof.rowsErased() != 2 || outOfReach != 1) {
      throw new AssertionError(proof.toString());
    }
  }

  private static void requireNothingStaged(Mesh mesh) {
    if (!shop(mesh).stagedPublishes(SALES).isEmpty()) {
      throw new AssertionError("rows are staged");
    }
  }

  private static void authorize(Mesh mesh) {
    publishTwice(mesh);
    shop(mesh)
        .access()
        .authorize(SALES)
        .executorAccounts("central")
        .forAnyConsumer()
        .because("Stewards share")
        .commit();
  }

  private static void grantForTheShop(Mesh mesh) {
    mesh.clientAs(Principal.of("central", "steward"))
        .grant(SALES)
        .to(Principal.of("finance", "auditor"))
        .because("The audit")
        .commit();
  }

  private static void prepareWithdrawal(Mesh mesh) {
    authorize(mesh);
    grantForTheShop(mesh);
  }

  private static void withdrawAuthorizations(Mesh mesh) {
    shop(mesh)
        .access()
        .authorizations()
        .forEach(
            authorization ->
                shop(mesh).access().withdrawAuthorization(authorization.id()).commit());
  }

  private static void requireGrant(Mesh mesh) {
    if (shop(mesh).access().grants().size() != 1) {
      throw Failure.of(MeshAction.of(Verb.LIST, "grants"))
          .because("there are " + shop(mesh).access().grants())
          .passing(ErrorCode.BACKEND_FAILED);
    }
  }

  /** One row. */
  record Sale(long id, String shop, double amount) {
    static List<Sale> range(long from, long to) {
      List<Sale> sales = new ArrayList<>();
      for (long id = from; id < to; id++) {
        sales.add(new Sale(id, id % 2 == 0 ? "a" : "b", id * 1.25));
      }
      return sales;
    }

    static List<Sale> inShop(String shop, long from, long to) {
      return range(from, to).stream().map(sale -> new Sale(sale.id, shop, sale.amount)).toList();
    }

    static List<Sale> withBadRow(long from, long to) {
      List<Sale> sales = new ArrayList<>(range(from, to));
      sales.add(new Sale(to, "a", -1));
      return sales;
    }
  }

  /** One row with an additional column. */
  static final class Later {
    private Later() {}

    record Sale(long id, String shop, double amount, Optional<String> till) {}
  }

  /** One row of the second major version, whose shop has another name. */
  static final class Next {
    private Next() {}

    record Sale(long id, String branch, double amount) {
      CrashScenario.Sale toSale() {
        return new CrashScenario.Sale(id, branch, amount);
      }
    }
  }

  static Contract contract(Class<?> rows) {
    return Contract.of(rows)
        .require(Rule.atLeast("amount", 0))
        .onViolation(OnViolation.QUARANTINE)
        .maxQuarantineShare(50);
  }

  /** Nothing was written for so long that a person has to confirm the clock. */
  private static void maintainAfterSilence(Mesh mesh) {
    requireNothingLeft(mesh.maintain().trustClock().compactAtLeast(2).commit());
  }

  /** Runs maintenance, and fails if tasks are left. */
  private static void maintain(Mesh mesh) {
    requireNothingLeft(mesh.maintain().compactAtLeast(2).commit());
  }

  private static void requireNothingLeft(Maintain.Report upkeep) {
    if (!upkeep.remaining().isEmpty()) {
      throw Failure.of(MeshAction.of(Verb.MAINTAIN, "the mesh"))
          .because("these tasks are left: " + upkeep.remaining())
          .passing(ErrorCode.BACKEND_FAILED);
    }
  }

  /** The job of a consumer that derives a product, as the documentation describes it. */
  private static void copyAll(Mesh mesh) {
    Subscription<Sale> sales =
        finance(mesh)
            .subscribe(SALES)
            .name("copy")
            .purpose("Exactly the same")
            .limit(10)
            .as(Sale.class)
            .commit();
    while (copyNext(mesh, sales)) {
      // until there are no new batches
    }
  }

  private static boolean copyNext(Mesh mesh, Subscription<Sale> sales) {
    try (Batch<Sale> news = sales.poll()) {
      if (news.isEmpty()) {
        return false;
      }
      finance(mesh)
          .publish(COPY)
          .records(news)
          .derivedFrom(news.snapshot())
          .idempotencyKey(news.id())
          .commit();
      news.ack();
      return true;
    }
  }

  /** The same job, which is deployed for the second major version. */
  private static void moveAndCopyAll(Mesh mesh) {
    Subscription<Next.Sale> sales =
        finance(mesh).subscribe(SALES).name("copy").majorVersion(2).as(Next.Sale.class).commit();
    while (copyFromNext(mesh, sales)) {
      // until there are no new batches
    }
  }

  private static boolean copyFromNext(Mesh mesh, Subscription<Next.Sale> sales) {
    try (Batch<Next.Sale> news = sales.poll()) {
      if (news.isEmpty()) {
        return false;
      }
      publishCopy(mesh, news.id(), news.stream().map(Next.Sale::toSale).toList());
      news.ack();
      return true;
    }
  }

  private static void publishCopy(Mesh mesh, String key, List<Sale> rows) {
    finance(mesh).publish(COPY).records(rows).idempotencyKey(key).commit();
  }

  /**
   * The job copied the history from the first major version. After the cut-over it published a
   * batch, and stopped before the acknowledgement.
   */
  private static void prepareMove(Mesh mesh) {
    publishTwice(mesh);
    finance(mesh).defineProduct(COPY).contract(Contract.of(Sale.class)).openToMesh().commit();
    copyAll(mesh);
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
    shop(mesh).publish(SALES).records(Sale.range(10, 14)).idempotencyKey("third").commit();
    Subscription<Sale> sales = finance(mesh).subscribe(SALES).name("copy").as(Sale.class).commit();
    try (Batch<Sale> news = sales.poll()) {
      publishCopy(mesh, news.id(), news.stream().toList());
    }
    shop(mesh).publish(SALES).records(Sale.range(14, 18)).idempotencyKey("fourth").commit();
  }

  private static void prepareCopy(Mesh mesh) {
    publishFourTimes(mesh);
    finance(mesh).defineProduct(COPY).contract(Contract.of(Sale.class)).openToMesh().commit();
  }

  /** Returns the root of a place, which every backend has: it is below the root of the mesh. */
  private static String place(Mesh mesh, String name) {
    String root =
        shop(mesh)
            .governance()
            .audit()
            .kinds("mesh.placed")
            .list()
            .get(0)
            .details()
            .getOrDefault("root", "");
    return root.endsWith(":") ? root + "/" + name : root + "-" + name;
  }

  private static void keepDataAt(Mesh mesh, MeshClient owner, String domain) {
    owner
        .registerDomain(domain)
        .owner(domain + "@example.org")
        .location(place(mesh, domain))
        .commit();
  }

  private static void defineInAPlace(Mesh mesh) {
    keepDataAt(mesh, shop(mesh), "commerce");
    shop(mesh).defineProduct(SALES).contract(contract(Sale.class)).openToMesh().commit();
  }

  /** The job reads from the place of one domain, and writes to that of another. */
  private static void prepareTwoPlaces(Mesh mesh) {
    defineInAPlace(mesh);
    for (long id = 0; id < 18; id += 6) {
      shop(mesh).publish(SALES).records(Sale.range(id, id + 6)).idempotencyKey("p" + id).commit();
    }
    keepDataAt(mesh, finance(mesh), "finance");
    finance(mesh).defineProduct(COPY).contract(Contract.of(Sale.class)).openToMesh().commit();
  }

  private static void requireCopy(Mesh mesh) {
    try (Rows<Sale> rows = finance(mesh).read(COPY).as(Sale.class).rows()) {
      List<Sale> copied = new ArrayList<>();
      rows.forEach(copied::add);
      copied.sort(Comparator.comparingLong(Sale::id));
      if (!copied.equals(Sale.range(0, 18))) {
        throw new AssertionError("copied were " + copied);
      }
    }
  }

  /** Delivers all notices, and throws where a delivery is only postponed. */
  private static void deliverAll(Mesh mesh) {
    if (mesh.deliverNotices().delivered() < NOTICES) {
      throw Failure.of(MeshAction.of(Verb.DELIVER, "notices"))
          .because("some are left")
          .passing(ErrorCode.BACKEND_FAILED);
    }
  }

  private static void publishFourTimesWithNotices(Mesh mesh) {
    publishFourTimes(mesh);
    finance(mesh).subscribe(SALES).name("revenue").purpose("Monthly revenue").commit();
    shop(mesh).publish(SALES).records(Sale.range(30, 32)).idempotencyKey("last").commit();
  }

  private static void operate(Mesh mesh) {
    Maintain.Report report = mesh.operate(WITHIN);
    if (!report.remaining().isEmpty()) {
      throw Failure.of(MeshAction.of(Verb.MAINTAIN, "the mesh"))
          .because(report.remaining().toString())
          .passing(ErrorCode.BACKEND_FAILED);
    }
  }

  private static void requireNothingToOperate(Mesh mesh) {
    requireNoPendingNotices(mesh);
    List<Plan.Step> due = mesh.maintain().plan().steps();
    if (!due.isEmpty()) {
      throw new AssertionError("still due are " + due);
    }
  }

  private static void requireNoPendingNotices(Mesh mesh) {
    DeliveryReport more = mesh.deliverNotices();
    if (!more.equals(DeliveryReport.NOTHING)) {
      throw new AssertionError("once more there was " + more);
    }
  }

  private static void leaveNotices(Mesh mesh) {
    causeNotices(mesh);
    mesh.deliverNotices();
    shop(mesh).publish(SALES).records(Sale.range(14, 16)).idempotencyKey("5th").commit();
  }

  /** A commit that was delayed may have removed everything meanwhile. */
  private static void forgetWhatIsLeft(Mesh mesh) {
    try {
      mesh.forgetNotifier(NOTIFIER).commit();
    } catch (NotFoundException e) {
      requireForgotten(mesh);
    }
  }

  private static void requireForgotten(Mesh mesh) {
    Plan<?> plan;
    try {
      plan = mesh.forgetNotifier(NOTIFIER).plan();
    } catch (NotFoundException expected) {
      return;
    }
    throw new AssertionError("this is left: " + plan);
  }

  private static void causeNotices(Mesh mesh) {
    publishTwice(mesh);
    finance(mesh).subscribe(SALES).name("revenue").purpose("Monthly revenue").commit();
    shop(mesh).publish(SALES).records(Sale.range(10, 12)).idempotencyKey("third").commit();
    shop(mesh).publish(SALES).records(Sale.withBadRow(12, 14)).idempotencyKey("4th").commit();
  }

  /** Creates snapshots, receipts, files, and log entries, most of which expire. */
  private static void publishManyTimes(Mesh mesh) {
    publishFourTimes(mesh);
    shop(mesh).publish(SALES).records(Sale.withBadRow(18, 20)).idempotencyKey("fifth").commit();
    shop(mesh).publish(SALES).records(Sale.range(30, 34)).replaceAll().commit();
  }

  private static List<Plan.Step> due(Mesh mesh) {
    List<Plan.Step> due = new ArrayList<>(mesh.maintain().compactAtLeast(2).plan().steps());
    // The note about an unreferenced leftover keeps the old ID.
    due.removeIf(step -> step.verb().equals("trim"));
    return due;
  }

  private static void requireNothingDue(Mesh mesh) {
    int snapshots = shop(mesh).read(SALES).snapshots().size();
    List<Plan.Step> due = due(mesh);
    // The process with a late clock may find a leftover too young, which the next run removes.
    if (due.stream().allMatch(step -> step.verb().equals("remove leftovers of"))) {
      mesh.maintain().compactAtLeast(2).commit();
      due = due(mesh);
    }
    if (!due.isEmpty()
        || snapshots != 1
        || !shop(mesh).publishHistory(SALES).receipts().isEmpty()) {
      throw new AssertionError(snapshots + " snapshots are there, and due is " + due);
    }
  }

  private static void publishAndSubscribe(Mesh mesh) {
    publishManyTimes(mesh);
    finance(mesh).subscribe(SALES).name("revenue").purpose("Monthly revenue").commit();
  }

  private static void publishAndPoll(Mesh mesh) {
    publishTwice(mesh);
    ackNext(finance(mesh).subscribe(SALES).name("revenue").purpose("Monthly revenue").commit());
  }

  private static void subscribeAndMaintain(Mesh mesh) {
    finance(mesh).subscribe(SALES).name("audit").purpose("Each year").commit();
    maintain(mesh);
  }

  private static void requireArchives(Mesh mesh) {
    List<Plan.Step> due = new ArrayList<>(mesh.maintain().compactAtLeast(2).plan().steps());
    due.removeIf(step -> !step.verb().equals("archive"));
    if (!due.isEmpty()) {
      throw new AssertionError("due is " + due);
    }
  }

  private static boolean ackNext(Subscription<?> subscription) {
    try (Batch<?> batch = subscription.poll()) {
      if (batch.isEmpty()) {
        return false;
      }
      batch.ack();
      return true;
    }
  }

  static MeshClient shop(Mesh mesh) {
    return mesh.clientAs(Principal.of("commerce", "etl"));
  }

  private static String snapshotOf(Mesh mesh, String key) {
    return shop(mesh)
        .publishHistory(SALES)
        .findReceipt(key)
        .orElseThrow()
        .snapshotId()
        .orElseThrow();
  }

  static MeshClient finance(Mesh mesh) {
    return mesh.clientAs(Principal.of("finance", "analyst"));
  }

  private static Publish<?> publish(Mesh mesh) {
    return shop(mesh).publish(SALES).idempotencyKey("run");
  }

  private static Erase erase(Mesh mesh) {
    return shop(mesh).erase(SALES).idempotencyKey("run");
  }

  static void define(Mesh mesh) {
    shop(mesh).registerDomain("commerce").owner("shop@example.org").commit();
    shop(mesh)
        .defineProduct(SALES)
        .contract(contract(Sale.class))
        .partitionBy(Partition.by("shop"))
        .openToMesh()
        .commit();
  }

  static void publishTwice(Mesh mesh) {
    define(mesh);
    finance(mesh).registerDomain("finance").owner("finance@example.org").commit();
    shop(mesh).publish(SALES).records(Sale.range(0, 6)).idempotencyKey("first").commit();
    shop(mesh).publish(SALES).records(Sale.range(6, 10)).idempotencyKey("second").commit();
  }

  /** Creates enough small files for a compaction. */
  private static void publishFourTimes(Mesh mesh) {
    publishTwice(mesh);
    shop(mesh).publish(SALES).records(Sale.range(10, 14)).idempotencyKey("third").commit();
    shop(mesh).publish(SALES).records(Sale.range(14, 18)).idempotencyKey("fourth").commit();
  }
}
