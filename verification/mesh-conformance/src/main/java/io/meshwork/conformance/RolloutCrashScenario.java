package io.meshwork.conformance;

import static io.meshwork.conformance.CrashScenario.SALES;
import static io.meshwork.conformance.CrashScenario.contract;
import static io.meshwork.conformance.CrashScenario.finance;
import static io.meshwork.conformance.CrashScenario.publishTwice;
import static io.meshwork.conformance.CrashScenario.shop;

import io.meshwork.Mesh;
import io.meshwork.card.ProductCard;
import io.meshwork.conformance.CrashScenario.Next;
import io.meshwork.conformance.CrashScenario.Sale;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Rows;
import io.meshwork.consume.Subscribe;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.operation.Plan;
import io.meshwork.product.MajorVersion;
import io.meshwork.publish.Erase;
import io.meshwork.publish.Publish;
import io.meshwork.rollout.MajorRollout;
import io.meshwork.rollout.MajorRollout.Verification;
import io.meshwork.rollout.Rollout;
import io.meshwork.rollout.Rollout.State;
import io.meshwork.rollout.TermsAmendment;
import io.meshwork.testkit.CrashHarness;
import java.time.Duration;
import java.time.Period;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/**
 * The steps of a rollout that {@link CrashConformance} crashes. Each is a job that looks at the
 * state of the rollout first, so that it can run again. The product has the sales of {@link
 * CrashScenario}; in the new major version, the shop has another name.
 */
enum RolloutCrashScenario implements CrashCase {
  START_ROLLOUT(
      mesh -> {
        if (shop(mesh).rollouts().isEmpty()) {
          start(mesh);
        }
      },
      CrashScenario::publishTwice,
      mesh -> requireState(mesh, State.PLANNED)),
  ANNOUNCE(
      mesh -> shop(mesh).rollout(SALES).announce().commit(),
      RolloutCrashScenario::subscribeAndStart,
      RolloutCrashScenario::requireOffers),
  BACK_FILL(
      mesh -> {
        if (rollout(mesh).cutOver().isEmpty()) {
          rollout(mesh).backFill().commit();
        }
      },
      RolloutCrashScenario::prepareBackFill,
      mesh -> requireLevel(mesh, sales())),
  ACTIVATE(
      mesh -> {
        if (rollout(mesh).state() == State.PLANNED) {
          rollout(mesh).activate().commit();
        }
      },
      RolloutCrashScenario::backFill,
      mesh -> requireLevel(mesh, sales())),
  DUAL_PUBLISH(
      mesh -> publish(mesh).records(Sale.withBadRow(20, 26)).commit(),
      RolloutCrashScenario::activate,
      mesh -> requireLevel(mesh, with(Sale.range(20, 26)))),
  DUAL_REPLACEMENT(
      mesh -> publish(mesh).records(Sale.withBadRow(20, 26)).replaceAll().commit(),
      RolloutCrashScenario::activate,
      mesh -> requireLevel(mesh, Sale.range(20, 26))),
  DUAL_ERASE(
      mesh -> erase(mesh).where("id = 3 or id = 8").because("was asked to").commit(),
      RolloutCrashScenario::activate,
      mesh -> requireLevel(mesh, without(3, 8))),
  CLOSE(
      mesh -> {
        if (rollout(mesh).state() == State.PARALLEL) {
          rollout(mesh).close().commit();
        }
      },
      RolloutCrashScenario::moveConsumers,
      mesh -> requireLevel(mesh, sales())),
  RETIRE(
      mesh -> {
        if (rollout(mesh).state() == State.CLOSING) {
          rollout(mesh).retire().commit();
        }
      },
      RolloutCrashScenario::close,
      RolloutCrashScenario::requireRetired),
  RESTORE(
      mesh -> {
        if (rollout(mesh).state() == State.RETIRED) {
          rollout(mesh).restore().because("A report needs it").commit();
        }
      },
      RolloutCrashScenario::retire,
      mesh -> requireLevel(mesh, sales())),
  BACK_FILL_RESTORED(
      mesh -> {
        if (rollout(mesh).newOnlySince().isPresent()) {
          rollout(mesh).backFill().commit();
        }
      },
      RolloutCrashScenario::restoreBehind,
      mesh -> requireLevel(mesh, with(Sale.range(20, 24)))),
  REPLACE_RESTORED(
      mesh -> {
        if (rollout(mesh).newOnlySince().isPresent()) {
          rollout(mesh).backFill().commit();
        }
      },
      RolloutCrashScenario::restoreReplaced,
      mesh -> requireLevel(mesh, Sale.range(20, 24))),
  PURGE(
      mesh -> rollout(mesh).purge().because("The data is not needed").commit(),
      RolloutCrashScenario::retire,
      RolloutCrashScenario::requirePurged),
  ABORT(
      mesh -> {
        if (rollout(mesh).state() == State.PARALLEL) {
          rollout(mesh).abort().because("Shops have no branches").commit();
        }
      },
      RolloutCrashScenario::activate,
      RolloutCrashScenario::requireAborted),
  AMEND(
      mesh -> {
        if (amendment(mesh).state() == State.ANNOUNCED) {
          amendment(mesh).retire().commit();
        }
      },
      RolloutCrashScenario::announceAmendment,
      RolloutCrashScenario::requireAmended);

  /** The number of consumers of the rollout that is announced. */
  private static final int ANNOUNCED = 3;

  private static final Period SHORTER = Period.ofDays(7);

  private final Consumer<Mesh> act;
  private final Consumer<Mesh> setUp;
  private final Consumer<Mesh> check;

  RolloutCrashScenario(Consumer<Mesh> act, Consumer<Mesh> setUp, Consumer<Mesh> check) {
    this.act = act;
    this.setUp = setUp;
    this.check = check;
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
      case AMEND -> Duration.ofDays(31);
      case PURGE -> Duration.ofDays(15);
      default -> Duration.ZERO;
    };
  }

  /** The job looks at the state first, without changes. */
  @Override
  public boolean isOneCall() {
    return true;
  }

  @Override
  public CrashHarness harness() {
    CrashHarness harness =
        CrashHarness.of(name(), act)
            .after(setUp)
            .advanceClock(passing())
            .check("its result", check)
            .maintainBy(mesh -> mesh.maintain().commit());
    return switch (this) {
      case DUAL_PUBLISH, DUAL_REPLACEMENT, DUAL_ERASE -> harness;
      // A fence that a killed process left is set again, with another log entry.
      case RETIRE, ABORT, AMEND -> harness.severalSteps().byAnyWay("log/", "head");
      default -> harness.severalSteps();
    };
  }

  private static MajorRollout rollout(Mesh mesh) {
    return shop(mesh).rollout(SALES);
  }

  private static TermsAmendment amendment(Mesh mesh) {
    return shop(mesh).termsAmendment(SALES);
  }

  private static Publish<?> publish(Mesh mesh) {
    return shop(mesh).publish(SALES).idempotencyKey("run");
  }

  private static Erase erase(Mesh mesh) {
    return shop(mesh).erase(SALES).idempotencyKey("run");
  }

  private static void start(Mesh mesh) {
    shop(mesh)
        .startRollout(SALES)
        .contract(contract(Next.Sale.class))
        .renameColumn("shop", "branch")
        .because("Branches")
        .commit();
  }

  /** The announcement is one transaction, and the offers are another. */
  private static void subscribeAndStart(Mesh mesh) {
    publishTwice(mesh);
    for (int job = 0; job < ANNOUNCED; job++) {
      finance(mesh).subscribe(SALES).name("job-" + job).purpose("Monthly revenue").commit();
    }
    start(mesh);
  }

  private static void requireOffers(Mesh mesh) {
    MajorRollout rollout = rollout(mesh);
    List<Plan.Step> missing = rollout.announce().plan().steps();
    if (!missing.isEmpty() || rollout.tracks().size() != ANNOUNCED) {
      throw new AssertionError(rollout + " misses " + missing);
    }
  }

  private static void prepareBackFill(Mesh mesh) {
    publishTwice(mesh);
    start(mesh);
  }

  private static void backFill(Mesh mesh) {
    prepareBackFill(mesh);
    rollout(mesh).backFill().commit();
  }

  private static void activate(Mesh mesh) {
    backFill(mesh);
    rollout(mesh).activate().commit();
  }

  /** A consumer read the old major version, was notified, and moved to the new one. */
  private static void moveConsumers(Mesh mesh) {
    publishTwice(mesh);
    pollAll(revenue(mesh));
    start(mesh);
    rollout(mesh).backFill().commit();
    rollout(mesh).activate().commit();
    rollout(mesh).announce().commit();
    pollAll(finance(mesh).subscribe(SALES).name("revenue").majorVersion(2).as(Next.Sale.class));
    finance(mesh).rollout(SALES).track("finance/revenue").moved().because("Deployed").commit();
  }

  private static Subscribe<?> revenue(Mesh mesh) {
    return finance(mesh).subscribe(SALES).name("revenue").purpose("Monthly revenue").as(Sale.class);
  }

  private static void pollAll(Subscribe<?> subscribe) {
    Subscription<?> subscription = subscribe.commit();
    boolean more = true;
    while (more) {
      try (Batch<?> batch = subscription.poll()) {
        more = !batch.isEmpty();
        batch.forEach(row -> {});
        if (more) {
          batch.ack();
        }
      }
    }
  }

  private static void close(Mesh mesh) {
    moveConsumers(mesh);
    rollout(mesh).close().commit();
  }

  private static void retire(Mesh mesh) {
    close(mesh);
    rollout(mesh).retire().commit();
  }

  private static List<Next.Sale> next(long from, long to) {
    return Sale.range(from, to).stream()
        .map(sale -> new Next.Sale(sale.id(), sale.shop(), sale.amount()))
        .toList();
  }

  private static void restoreBehind(Mesh mesh) {
    retire(mesh);
    shop(mesh).publish(SALES).records(next(20, 22)).commit();
    shop(mesh).publish(SALES).records(next(22, 24)).commit();
    rollout(mesh).restore().because("A report needs it").commit();
  }

  private static void restoreReplaced(Mesh mesh) {
    retire(mesh);
    shop(mesh).publish(SALES).records(next(20, 24)).replaceAll().commit();
    rollout(mesh).restore().because("A report needs it").commit();
  }

  private static List<Sale> sales() {
    return Sale.range(0, 10);
  }

  private static List<Sale> with(List<Sale> more) {
    List<Sale> sales = new ArrayList<>(sales());
    sales.addAll(more);
    return sales;
  }

  private static List<Sale> without(long one, long other) {
    return sales().stream().filter(sale -> sale.id() != one && sale.id() != other).toList();
  }

  private static List<Sale> old(Mesh mesh) {
    try (Rows<Sale> rows = shop(mesh).read(SALES).majorVersion(1).as(Sale.class).rows()) {
      return sorted(rows.stream().toList());
    }
  }

  private static List<Sale> current(Mesh mesh) {
    try (Rows<Next.Sale> rows = shop(mesh).read(SALES).majorVersion(2).as(Next.Sale.class).rows()) {
      return sorted(rows.stream().map(Next.Sale::toSale).toList());
    }
  }

  private static List<Sale> sorted(List<Sale> rows) {
    return rows.stream().sorted(Comparator.comparingLong(Sale::id)).toList();
  }

  /** Both major versions have these rows, and the comparison of the rollout finds no difference. */
  private static void requireLevel(Mesh mesh, List<Sale> expected) {
    requireRows("major version 1", old(mesh), expected);
    requireRows("major version 2", current(mesh), expected);
    Verification verification = rollout(mesh).verify().commit();
    if (!verification.isEqual() || rollout(mesh).mayDiffer()) {
      throw new AssertionError("the major versions differ: " + verification);
    }
  }

  private static void requireRows(String where, List<Sale> rows, List<Sale> expected) {
    if (!rows.equals(expected)) {
      throw new AssertionError(where + " has " + rows + " instead of " + expected);
    }
  }

  private static void requireState(Mesh mesh, State expected) {
    List<Rollout<?>> rollouts = shop(mesh).rollouts();
    if (rollouts.size() != 1 || rollouts.get(0).state() != expected) {
      throw new AssertionError("there is " + rollouts);
    }
    requireRows("major version 1", old(mesh), sales());
  }

  /** The rows are retained, and a publish writes the new major version alone. */
  private static void requireRetired(Mesh mesh) {
    requireState(mesh, State.RETIRED);
    requireRows("major version 2", current(mesh), sales());
  }

  private static void requirePurged(Mesh mesh) {
    if (rollout(mesh).purgedAt().isEmpty()) {
      throw new AssertionError(rollout(mesh) + " is not purged");
    }
    requireRows("major version 2", current(mesh), sales());
  }

  /** A consumer was notified of a shorter notice period. */
  private static void announceAmendment(Mesh mesh) {
    publishTwice(mesh);
    pollAll(revenue(mesh));
    shop(mesh)
        .amendTerms(SALES)
        .contract(currentContract(mesh).noticePeriod(SHORTER))
        .because("Changes are small")
        .commit()
        .announce()
        .commit();
  }

  private static Contract currentContract(Mesh mesh) {
    return shop(mesh).describe(SALES).versions().get(0).contract();
  }

  private static void requireAmended(Mesh mesh) {
    requireState(mesh, State.AMENDED);
    ProductCard.Version version = shop(mesh).describe(SALES).versions().get(0);
    if (!version.version().toString().equals("1.1.0")
        || version.state() != MajorVersion.State.ACTIVE
        || !currentContract(mesh).noticePeriod().equals(SHORTER)) {
      throw new AssertionError("the amendment left " + version);
    }
  }

  private static void requireAborted(Mesh mesh) {
    requireState(mesh, State.ABORTED);
    List<String> versions =
        finance(mesh).describe(SALES).versions().stream()
            .map(version -> version.version() + " " + version.state())
            .toList();
    if (!versions.contains("1.0.0 ACTIVE") || !old(mesh).equals(sales())) {
      throw new AssertionError("the abort left " + versions);
    }
  }
}
