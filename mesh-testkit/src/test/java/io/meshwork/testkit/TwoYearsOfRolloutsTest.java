package io.meshwork.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Rows;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.NotFoundException;
import io.meshwork.notice.Notice;
import io.meshwork.operation.Plan;
import io.meshwork.product.Principal;
import io.meshwork.publish.Publish;
import io.meshwork.rollout.MajorRollout;
import io.meshwork.rollout.Rollout.State;
import io.meshwork.rollout.Rollout.Track;
import io.meshwork.rollout.StewardRequest;
import java.time.Duration;
import java.time.LocalDate;
import java.time.Period;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Two virtual years of one product with three rollouts on a mesh: the owner retires a version as
 * soon as the mesh lets it, and by force 45 days after the date. Who may lose a version is computed
 * from what the consumers did, not from their tracks.
 */
class TwoYearsOfRolloutsTest {
  private static final String ORDERS = "commerce/orders";
  private static final LocalDate DAY_0 = LocalDate.of(2026, 1, 1);
  private static final int DAYS = 730;
  private static final int NOTICE_DAYS = 90;
  private static final int LATER_DAYS = 40;
  private static final int FORCE_AFTER_DAYS = 45;
  private static final int PUBLISHED_EVERY_DAYS = 35;
  private static final List<Integer> STARTED_ON = List.of(30, 240, 450);
  private static final Principal STEWARD = Principal.of("audit", "eva");

  private record First(long id, String customer) {}

  private record Second(long id, String buyer) {}

  private record Third(long id, String client) {}

  private record Fourth(long id, String account) {}

  private static final List<Class<?>> MAJORS =
      List.of(First.class, Second.class, Third.class, Fourth.class);
  private static final List<String> NAMES = List.of("customer", "buyer", "client", "account");

  /** How a consumer behaves. */
  private enum Kind {
    /** Moves within weeks. */
    PROMPT,
    /** Agrees, and moves shortly before its date. */
    SLOW,
    /** Answers nothing, and moves after the date. */
    SILENT,
    /** Objects, and moves late within the later date that it is offered. */
    OBJECTING,
    /** Asks for a later date, and moves shortly before it. */
    COUNTERING,
    /** Moves, declares it, returns with its next read, and stays. */
    LYING,
    /** Polls once a month, and moves with its first poll after half of the notice. */
    QUIET,
    /** Reads without a subscription, and moves on its last day. */
    READER
  }

  private final ManualClock clock = ManualClock.at(DAY_0.atTime(6, 0).toInstant(ZoneOffset.UTC));
  private final RecordingNotifier notices = new RecordingNotifier();
  private final List<Consumer> consumers = new ArrayList<>();
  private final List<String> report = new ArrayList<>();
  private final Set<String> overridden = new HashSet<>();
  private final Map<String, TreeSet<LocalDate>> notified = new TreeMap<>();
  private Mesh mesh;
  private int day;
  private long published;
  private int rollouts;
  private LocalDate date = DAY_0;
  private int announcedOn;
  private boolean open;

  /** One of the consumers, in a domain of its own. */
  private final class Consumer {
    private final String domain;
    private final Kind kind;
    private final int every;
    private final int delay;
    private int major = 1;
    private long rows;
    private @Nullable Subscription<Map<String, Object>> current;

    Consumer(int number, Random random) {
      domain = "team_" + number;
      kind = Kind.values()[number % Kind.values().length];
      every = kind == Kind.QUIET ? 30 : 4 + random.nextInt(4);
      delay = random.nextInt(10);
      client().registerDomain(domain).owner(domain + "@example.org").commit();
      if (kind != Kind.READER) {
        subscription(1);
      }
    }

    String id() {
      return domain + (kind == Kind.READER ? "/@" : "/orders");
    }

    private MeshClient client() {
      return mesh.clientAs(Principal.of(domain, "job"));
    }

    private Subscription<Map<String, Object>> subscription(int number) {
      return client()
          .subscribe(ORDERS)
          .name("orders")
          .purpose("Reports")
          .columns("id")
          .majorVersion(number)
          .asMaps()
          .commit();
    }

    private Track.Move track() {
      return client().rollout(ORDERS).track(id());
    }

    /** Answers, moves, and reads, as its kind does. */
    void act() {
      if (open && major <= rollouts) {
        answer(day - announcedOn);
        if (moves(day - announcedOn)) {
          major = rollouts + 1;
        }
      }
      if ((day + delay) % every == 0) {
        use();
      }
    }

    /** In the second rollout, all are honest. */
    private boolean lies() {
      return kind == Kind.LYING && rollouts != 2;
    }

    /** The last day on which it may rely on its version. */
    LocalDate agreed() {
      boolean later = kind == Kind.OBJECTING || kind == Kind.COUNTERING;
      return later ? date.plusDays(LATER_DAYS) : date;
    }

    private void answer(int since) {
      if (since == 5 && kind == Kind.SLOW) {
        track().agree().commit();
      } else if (since == 6 && kind == Kind.OBJECTING) {
        track().object().because("The ledger closes later").commit();
      } else if (since == 7 && kind == Kind.COUNTERING) {
        track().counter(date.plusDays(LATER_DAYS)).because("Year end").commit();
      } else if (since == 20 && lies()) {
        assertThatThrownBy(() -> track().moved().because("Soon").commit())
            .as("a declaration without a read")
            .isInstanceOf(ConflictException.class);
        try (Rows<Map<String, Object>> read = subscription(rollouts + 1).rows()) {
          assertThat(read.stream().count()).isPositive();
        }
        track().moved().because("Done").commit();
        current = null;
      }
    }

    private boolean moves(int since) {
      LocalDate today = today();
      return switch (kind) {
        case PROMPT -> since > 3 + delay;
        case LYING -> !lies() && since > 3 + delay;
        case SLOW -> today.isAfter(date.minusDays(12));
        case SILENT -> today.isAfter(date.plusDays(delay));
        case OBJECTING, COUNTERING -> today.isAfter(date.plusDays(LATER_DAYS - 12));
        case QUIET -> since > NOTICE_DAYS / 2;
        case READER -> !today.isBefore(date.minusDays(1));
      };
    }

    /** Reads or polls its version; fails if it lost it. */
    private void use() {
      try {
        if (kind == Kind.READER) {
          readAll();
        } else {
          poll();
        }
      } catch (NotFoundException lost) {
        assertThat(lost.errorCode()).isEqualTo(ErrorCode.MAJOR_RETIRED);
        assertThat(overridden).as("%s lost v%s on day %s", id(), major, day).contains(id());
        major = rollouts + 1;
        use();
      }
    }

    private void readAll() {
      try (Rows<Map<String, Object>> read =
          client().read(ORDERS).majorVersion(major).columns("id").asMaps().rows()) {
        assertThat(read.stream().count()).as(id()).isEqualTo(published);
      }
    }

    private void poll() {
      Subscription<Map<String, Object>> subscription = current;
      if (subscription == null || subscription.major() != major) {
        subscription = subscription(major);
        current = subscription;
      }
      try (Rows<Map<String, Object>> read = subscription.rows()) {
        assertThat(read.stream().count()).as(id()).isEqualTo(published);
      }
      while (rows < published) {
        try (Batch<Map<String, Object>> batch = subscription.poll()) {
          assertThat(batch.isEmpty()).as("%s has %s rows on v%s", id(), rows, major).isFalse();
          if (batch.kind() == Batch.Kind.RESET) {
            assertThat(batch.because().orElseThrow()).as(id()).contains("expired");
            rows = 0;
          }
          rows += batch.stream().count();
          batch.ack();
        }
      }
      assertThat(rows).as("rows of %s on v%s, day %s", id(), major, day).isEqualTo(published);
    }
  }

  @Test
  void noneOfEightConsumersLosesAVersionInsideItsDate() {
    simulate(8, 15);
  }

  @Tag("nightly")
  @Test
  void noneOfTwoHundredConsumersLosesAVersionInsideItsDate() {
    simulate(200, 2026);
  }

  private MeshClient shop() {
    return mesh.clientAs(Principal.of("commerce", "etl"));
  }

  private LocalDate today() {
    return DAY_0.plusDays(day);
  }

  private void simulate(int size, long seed) {
    Random random = new Random(seed);
    try (MemoryPlace place = new MemoryPlace(new InMemoryRegistry(), new MemoryFileIO());
        Mesh opened =
            place.open().clock(clock).notifier("test", notices).testing().idSeed(seed).open()) {
      mesh = opened;
      define();
      for (int number = 0; number < size; number++) {
        consumers.add(new Consumer(number, random));
      }
      for (; day < DAYS; day++) {
        pass();
        clock.advance(Duration.ofDays(1));
      }
      MeshAssertions.assertThat(mesh).isHealthy();
    }
    assertThat(report).hasSize(STARTED_ON.size());
    report.forEach(System.out::println);
  }

  private void define() {
    shop().registerDomain("commerce").owner("shop@example.org").commit();
    mesh.clientAs(STEWARD).registerDomain("audit").owner("audit@example.org").commit();
    shop().governance().appoint(STEWARD).commit();
    shop().defineProduct(ORDERS).contract(contract(1)).openToMesh().commit();
  }

  private static Contract contract(int major) {
    return Contract.of(MAJORS.get(major - 1)).noticePeriod(Period.ofDays(NOTICE_DAYS));
  }

  private void pass() {
    if (STARTED_ON.contains(day)) {
      announce();
    }
    if (day % PUBLISHED_EVERY_DAYS == 0) {
      publish();
    }
    consumers.forEach(Consumer::act);
    if (open) {
      own();
      checkReminded();
    }
  }

  private static Map<String, Object> row(long id, String customer, int major) {
    return Map.of("id", id, NAMES.get(major - 1), customer);
  }

  private void publish() {
    int from = open ? rollouts : rollouts + 1;
    Publish<Map<String, Object>> publish =
        shop()
            .publish(ORDERS)
            .majorVersion(from)
            .records(List.of(row(published, "customer " + published, from)));
    if (open) {
      publish =
          publish.alsoTo(
              from + 1,
              row -> row((Long) row.get("id"), (String) row.get(NAMES.get(from - 1)), from + 1));
    }
    assertThat(publish.commit().rowsAccepted()).isEqualTo(1);
    published++;
  }

  private void announce() {
    assertThat(open).as("the rollout before").isFalse();
    rollouts++;
    int from = rollouts;
    shop().startRollout(ORDERS).contract(contract(from + 1)).because("Other words").commit();
    MajorRollout started = shop().rollout(ORDERS);
    started
        .backFill(
            row -> row((Long) row.get("id"), row.get(NAMES.get(from - 1)).toString(), from + 1))
        .commit();
    started.activate().commit();
    MajorRollout announced = started.announce().commit();
    date = announced.retireAfter();
    announcedOn = day;
    open = true;
    overridden.clear();
    notified.clear();
    collectNotices();
    for (Consumer consumer : consumers) {
      assertThat(notified.get(consumer.id())).as(consumer.id()).containsExactly(today());
    }
    assertThat(announced.tracks()).hasSize(consumers.size());
  }

  private void collectNotices() {
    mesh.deliverNotices();
    for (Notice notice : notices.once()) {
      if (notice.kind() == Notice.Kind.ROLLOUT_OFFERED
          || notice.kind() == Notice.Kind.ROLLOUT_REMINDED) {
        notified
            .computeIfAbsent(notice.facts().get("consumer"), id -> new TreeSet<>())
            .add(LocalDate.ofInstant(notice.at(), ZoneOffset.UTC));
      }
    }
    notices.clear();
  }

  /** Who is still on the old version on its last day was notified during the last three days. */
  private void checkReminded() {
    long untilEnd = ChronoUnit.DAYS.between(today(), date);
    boolean last = untilEnd < 4 && untilEnd >= -1;
    boolean lastOfLater = untilEnd + LATER_DAYS < 4 && untilEnd + LATER_DAYS >= -1;
    if (!last && !lastOfLater && day % 7 != 0) {
      return;
    }
    mesh.maintain().commit();
    collectNotices();
    for (Consumer consumer : consumers) {
      if (consumer.major == rollouts && today().equals(consumer.agreed())) {
        assertThat(notified.get(consumer.id()).tailSet(today().minusDays(2)))
            .as("notices to %s before %s", consumer.id(), today())
            .isNotEmpty();
      }
    }
  }

  /** The owner answers, closes the old version, and retires it as soon as the mesh lets it. */
  private void own() {
    MajorRollout rollout = shop().rollout(ORDERS);
    int since = day - announcedOn;
    if (since <= 10) {
      reply(rollout);
    } else if (since == 30) {
      rollout.close().commit();
    } else if (since > 30 && (since % 7 == 0 || (since > NOTICE_DAYS && since % 2 == 0))) {
      Plan<MajorRollout> plan = rollout.retire().plan();
      if (plan.findings().isEmpty()) {
        plan.commit();
        retire("as planned");
      } else if (today().isAfter(date.plusDays(FORCE_AFTER_DAYS))) {
        retireByForce(rollout);
      }
    }
  }

  private void reply(MajorRollout rollout) {
    for (Track track : rollout.tracks()) {
      if (track.answer() == Track.Answer.COUNTERED) {
        track.accept().commit();
      } else if (track.answer() == Track.Answer.OBJECTED) {
        track.offer(date.plusDays(LATER_DAYS)).commit();
      }
    }
  }

  private void retireByForce(MajorRollout rollout) {
    MajorRollout asked = rollout.retireByForce().because("The source ends").commit();
    StewardRequest request = asked.pending().get(0);
    mesh.clientAs(STEWARD).governance().approve(request).commit();
    assertThat(rollout.retireByForce().because("The source ends").commit().state())
        .isEqualTo(State.RETIRED);
    overridden.addAll(request.consumers());
    retire("by force, without " + request.consumers().size());
  }

  private void retire(String how) {
    for (Consumer consumer : consumers) {
      boolean needs = consumer.major == rollouts;
      assertThat(needs)
          .as("%s needs v%s", consumer.id(), rollouts)
          .isEqualTo(overridden.contains(consumer.id()));
      assertThat(needs && !today().isAfter(consumer.agreed()))
          .as("%s has v%s until %s", consumer.id(), rollouts, consumer.agreed())
          .isFalse();
      assertThat(needs && !consumer.lies()).as(consumer.id()).isFalse();
    }
    open = false;
    report.add(
        "v"
            + rollouts
            + ": retired "
            + how
            + ", "
            + (day - announcedOn)
            + " days after the notice");
  }
}
