package io.meshwork.internal.rollout.consumers;

import io.meshwork.contract.Contract;
import io.meshwork.internal.ledger.TestMesh.Order;
import io.meshwork.internal.rollout.Differences;
import io.meshwork.internal.rollout.RetirementEntry;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.rollout.RolloutEntry.Kind;
import io.meshwork.internal.rollout.RolloutTerms;
import io.meshwork.internal.stewards.ForcedRetirementRequest;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import io.meshwork.rollout.Rollout;
import io.meshwork.rollout.Rollout.Track.Answer;
import io.meshwork.rollout.TermsAmendment.AmendedTerm;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A rollout from version 1 to 2, or of the end of a product, or of an amendment, with two
 * subscriptions, a reader without one, the owner, and a steward. The real rules decide what
 * happens, except an abort, which needs the registry, and see only facts. What a rule answers for
 * the same consumer at the same time is computed once.
 */
final class RolloutModel {
  static final int NOTICE = 30;
  static final int LATER = 60;
  static final long DAY = 86_400;

  /** The days of the phases: start, before and after half the notice, last days, after, later. */
  static final int[] PHASES = {0, 10, 20, 29, 32, 100};

  static final Contract CONTRACT =
      Contract.of(Order.class).freshWithin(Duration.ofHours(1)).noticePeriod(Period.ofDays(NOTICE));
  static final Duration STALER = Duration.ofHours(6);
  static final String DESCRIPTION = "Orders of the shop";

  private static final Set<Rollout.State> BEFORE_RETIREMENT =
      EnumSet.of(
          Rollout.State.PLANNED,
          Rollout.State.ANNOUNCED,
          Rollout.State.PARALLEL,
          Rollout.State.CLOSING);
  private static final Principal OWNER = Principal.of("commerce", "owner");
  private static final Principal STEWARD = Principal.of("audit", "steward");

  private final Kind kind;
  private final RolloutTerms terms;
  private final RolloutEntry rollout;
  private final Map<ModelConsumer, Node> nodes = new HashMap<>();
  private final List<Contract> contracts = new ArrayList<>(List.of(CONTRACT));

  RolloutModel(Kind kind) {
    this.kind = kind;
    int to = kind == Kind.NEW_MAJOR_VERSION ? 2 : 0;
    terms =
        new RolloutTerms(
            kind,
            1,
            to,
            Optional.empty(),
            ModelConsumer.START.plusSeconds(3600),
            Period.ofDays(NOTICE));
    rollout = entry();
  }

  /** The stored rollout, whose terms are applied to the contract. */
  private static RolloutEntry entry() {
    AmendedTerm fresh =
        new AmendedTerm(
            "freshWithin",
            CONTRACT.freshWithin().map(Duration::toString),
            Optional.of(STALER.toString()));
    return new RolloutEntry(
        ProductName.of("commerce/orders"),
        1,
        1,
        OptionalInt.empty(),
        Optional.empty(),
        ContractVersion.FIRST,
        Rollout.State.PLANNED,
        "The source delivers four times a day",
        ModelConsumer.date(NOTICE),
        ModelConsumer.START,
        RolloutEntry.Dates.NONE,
        Differences.NONE,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        RetirementEntry.NONE,
        List.of(fresh));
  }

  /** What can happen. */
  enum Event {
    ANNOUNCE,
    ACTIVATE,
    CLOSE,
    RETIRE,
    FORCE,
    ABORT,
    RESTORE,
    PUBLISH_ONLY_ONE,
    EXTEND_ALL,
    OFFER_A_LATER,
    OFFER_A_EARLIER,
    ASK_DORMANT_B,
    APPROVE_DORMANT_B,
    A_AGREES,
    A_COUNTERS,
    A_READS_1,
    A_READS_2,
    A_MOVED,
    A_UNSUBSCRIBES,
    B_READS_1,
    B_READS_2,
    B_MOVED,
    B_LOSES_RIGHT,
    R_READS_1,
    HOT_FIX,
    NEXT_PHASE,
    AFTER_NOTICE;

    private static final Set<Event> OF_TIME = EnumSet.of(NEXT_PHASE, AFTER_NOTICE);
    private static final Set<Event> OF_CONSUMERS = EnumSet.range(A_AGREES, R_READS_1);
    private static final Set<Event> OF_REPLACEMENTS =
        EnumSet.of(CLOSE, FORCE, RESTORE, ASK_DORMANT_B, APPROVE_DORMANT_B, A_MOVED, B_MOVED);
  }

  /** A consumer that the model met, with what the rules answered for it. */
  final class Node {
    private final ModelConsumer consumer;
    private final @Nullable TrackStatus[] tracks = new TrackStatus[PHASES.length];
    private final @Nullable Node[] steps = new Node[Event.values().length * PHASES.length];
    private final @Nullable Boolean[] mayBeDormant = new Boolean[PHASES.length];

    private Node(ModelConsumer consumer) {
      this.consumer = consumer;
    }

    ModelConsumer consumer() {
      return consumer;
    }

    TrackStatus track(int phase) {
      TrackStatus track = tracks[phase];
      if (track == null) {
        track = TrackRules.derive(consumer.facts(), terms, time(now(phase)));
        tracks[phase] = track;
      }
      return track;
    }

    private Node after(Event event, int phase, Supplier<ModelConsumer> step) {
      int key = event.ordinal() * PHASES.length + phase;
      Node next = steps[key];
      if (next == null) {
        next = node(step.get());
        steps[key] = next;
      }
      return next;
    }

    private boolean mayBeDormant(int phase) {
      Boolean known = mayBeDormant[phase];
      if (known == null) {
        known = TrackRules.dormant(consumer.facts(), terms, time(now(phase))).isEmpty();
        mayBeDormant[phase] = known;
      }
      return known;
    }
  }

  /**
   * A state of the model.
   *
   * @param pointer how often version 1 was published
   * @param contract the number of the contract in the order in which they were met
   */
  record World(
      Rollout.State state,
      int phase,
      boolean apart,
      int pointer,
      Node a,
      Node b,
      @Nullable Node r,
      boolean readable1,
      boolean readable2,
      long retiredAt,
      Set<String> forced,
      int contract) {

    List<Node> nodes() {
      return r == null ? List.of(a, b) : List.of(a, b, r);
    }

    long now() {
      return RolloutModel.now(phase);
    }

    World with(Node nextA, Node nextB, @Nullable Node nextR) {
      return new World(
          state, phase, apart, pointer, nextA, nextB, nextR, readable1, readable2, retiredAt,
          forced, contract);
    }

    World with(Rollout.State next, boolean one, boolean two) {
      return new World(next, phase, apart, pointer, a, b, r, one, two, retiredAt, forced, contract);
    }

    private World passed(int next) {
      return new World(
          state, next, apart, pointer, a, b, r, readable1, readable2, retiredAt, forced, contract);
    }

    private World published() {
      return new World(
          state,
          phase,
          true,
          pointer + 1,
          a,
          b,
          r,
          readable1,
          readable2,
          retiredAt,
          forced,
          contract);
    }

    private World retired(Set<String> overridden) {
      return new World(
          Rollout.State.RETIRED,
          phase,
          apart,
          pointer,
          a,
          b,
          r,
          false,
          readable2,
          now(),
          overridden,
          contract);
    }

    private World amended(Rollout.State next, int amended) {
      return new World(
          next, phase, apart, pointer, a, b, r, readable1, readable2, retiredAt, forced, amended);
    }
  }

  World start() {
    return new World(
        Rollout.State.PLANNED,
        0,
        false,
        0,
        node(ModelConsumer.daily("sales/daily", NOTICE)),
        node(ModelConsumer.unobserved("sales/silent", NOTICE)),
        null,
        true,
        false,
        0,
        Set.of(),
        0);
  }

  /** The contract of version 1. */
  Contract contract(World world) {
    return contracts.get(world.contract());
  }

  private int number(Contract contract) {
    if (!contracts.contains(contract)) {
      contracts.add(contract);
    }
    return contracts.indexOf(contract);
  }

  /** Returns true if the consumers know of a rollout in this state and it has not ended. */
  static boolean isOpen(Rollout.State state) {
    return BEFORE_RETIREMENT.contains(state) && state != Rollout.State.PLANNED;
  }

  /** The state after an event; empty if it is refused or changes nothing. */
  Optional<World> after(World world, Event event) {
    boolean known = isOpen(world.state());
    if (kind == Kind.AMENDMENT && Event.OF_REPLACEMENTS.contains(event)) {
      return Optional.empty();
    }
    World next;
    if (Event.OF_TIME.contains(event)) {
      next = passes(world, event == Event.NEXT_PHASE ? world.phase() + 1 : PHASES.length - 2);
    } else if (Event.OF_CONSUMERS.contains(event)) {
      next = known ? ofConsumer(world, event) : world;
    } else {
      next = ofOwner(world, event);
    }
    return next.equals(world) ? Optional.empty() : Optional.of(next);
  }

  private World ofOwner(World world, Event event) {
    Rollout.State state = world.state();
    boolean offers = isOpen(state) && PHASES[world.phase()] <= NOTICE;
    return switch (event) {
      case ANNOUNCE -> announce(world);
      case ACTIVATE ->
          kind == Kind.NEW_MAJOR_VERSION && state == Rollout.State.ANNOUNCED
              ? world.with(Rollout.State.PARALLEL, true, true)
              : world;
      case CLOSE -> close(world);
      case RETIRE -> retire(world);
      case FORCE -> force(world);
      case ABORT -> abort(world);
      case RESTORE -> restore(world);
      case PUBLISH_ONLY_ONE ->
          state == Rollout.State.PARALLEL && !world.apart() ? world.published() : world;
      case EXTEND_ALL -> extend(world);
      case OFFER_A_LATER -> isOpen(state) ? offer(world, event, LATER) : world;
      case OFFER_A_EARLIER -> offers ? offer(world, event, NOTICE) : world;
      case ASK_DORMANT_B -> askDormant(world);
      case APPROVE_DORMANT_B ->
          world.b().consumer().asked() > 0
              ? b(world, event, world.b().consumer()::approveDormant)
              : world;
      case HOT_FIX ->
          kind == Kind.AMENDMENT
              ? world.amended(state, number(contract(world).description(DESCRIPTION)))
              : world;
      default -> throw new IllegalStateException(event.toString());
    };
  }

  private World ofConsumer(World world, Event event) {
    ModelConsumer a = world.a().consumer();
    ModelConsumer b = world.b().consumer();
    long start = start(world.phase());
    return switch (event) {
      case A_AGREES -> a(world, event, () -> a.reply(Answer.AGREED, 0, start));
      case A_COUNTERS -> a(world, event, () -> a.reply(Answer.COUNTERED, LATER, start));
      case A_READS_1 -> a(world, event, () -> a.reads(1, start));
      case A_READS_2 -> world.readable2() ? a(world, event, () -> a.reads(2, start)) : world;
      case A_MOVED -> a(world, event, () -> a.declaresMove(start));
      case A_UNSUBSCRIBES -> a(world, event, () -> a.leave(false, start));
      case B_READS_1 -> b(world, event, () -> b.reads(1, start));
      case B_READS_2 -> world.readable2() ? b(world, event, () -> b.reads(2, start)) : world;
      case B_MOVED -> b(world, event, () -> b.declaresMove(start));
      case B_LOSES_RIGHT -> b(world, event, () -> b.leave(true, start));
      case R_READS_1 -> reader(world, event);
      default -> throw new IllegalStateException(event.toString());
    };
  }

  private World a(World world, Event event, Supplier<ModelConsumer> step) {
    return world.with(world.a().after(event, world.phase(), step), world.b(), world.r());
  }

  private World b(World world, Event event, Supplier<ModelConsumer> step) {
    return world.with(world.a(), world.b().after(event, world.phase(), step), world.r());
  }

  /** A reader that appears during the rollout receives the date of the rollout at once. */
  private World reader(World world, Event event) {
    Node r = world.r();
    long start = start(world.phase());
    Node next =
        r == null
            ? node(ModelConsumer.reader("sales/@", NOTICE, start))
            : r.after(event, world.phase(), () -> r.consumer().reads(1, start));
    return world.with(world.a(), world.b(), next);
  }

  /** A product that ends has nothing to activate. */
  private World close(World world) {
    boolean replaced = kind == Kind.NEW_MAJOR_VERSION;
    return world.state() == (replaced ? Rollout.State.PARALLEL : Rollout.State.ANNOUNCED)
        ? world.with(Rollout.State.CLOSING, true, replaced)
        : world;
  }

  private World announce(World world) {
    RolloutGuard.Announcement announcement =
        new RolloutGuard.Announcement(terms, ModelConsumer.date(NOTICE), Set.of(), 1, List.of());
    return world.phase() == 0 && RolloutGuard.announce(world.state(), announcement).isEmpty()
        ? world.with(Rollout.State.ANNOUNCED, true, false)
        : world;
  }

  private RetireGuard guard(World world) {
    return new RetireGuard(terms, world.state(), world.apart(), tracks(world));
  }

  static List<TrackStatus> tracks(World world) {
    List<TrackStatus> tracks = new ArrayList<>();
    for (Node node : world.nodes()) {
      tracks.add(node.track(world.phase()));
    }
    return tracks;
  }

  private World retire(World world) {
    if (kind == Kind.AMENDMENT) {
      return world.state() == Rollout.State.ANNOUNCED
              && guard(world).amend(time(world.now())).isEmpty()
          ? world.amended(Rollout.State.AMENDED, number(rollout.applyTo(contract(world))))
          : world;
    }
    return world.state() == Rollout.State.CLOSING
            && guard(world).retire(time(world.now())).isEmpty()
        ? world.retired(Set.of())
        : world;
  }

  private World force(World world) {
    if (world.state() != Rollout.State.CLOSING) {
      return world;
    }
    RetireGuard guard = guard(world);
    ForcedRetirementRequest request =
        new ForcedRetirementRequest(
            OWNER, Set.of("commerce"), Optional.of(STEWARD), "the source ends", guard.overridden());
    return guard.retireByForce(request, time(world.now())).isEmpty()
        ? world.retired(guard.overridden())
        : world;
  }

  private World abort(World world) {
    boolean isUsed =
        terms.to() > 0
            && world.nodes().stream()
                .map(node -> node.consumer().facts())
                .anyMatch(facts -> TrackRules.isOn(facts, terms.to(), time(world.now())));
    return BEFORE_RETIREMENT.contains(world.state()) && !isUsed
        ? world.with(Rollout.State.ABORTED, true, false)
        : world;
  }

  private World restore(World world) {
    return RolloutGuard.restore(world.state(), time(world.retiredAt()), time(world.now())).isEmpty()
            && world.forced().isEmpty()
        ? world.with(Rollout.State.CLOSING, true, world.readable2())
        : world;
  }

  private World extend(World world) {
    if (!isOpen(world.state())
        || world.nodes().stream().allMatch(node -> node.consumer().date() >= LATER)
        || !RolloutGuard.extend(
                world.state(), terms, tracks(world), ModelConsumer.date(LATER), time(world.now()))
            .isEmpty()) {
      return world;
    }
    Node r = world.r();
    return world.with(
        offered(world.a(), Event.EXTEND_ALL, world.phase(), LATER),
        offered(world.b(), Event.EXTEND_ALL, world.phase(), LATER),
        r == null ? null : offered(r, Event.EXTEND_ALL, world.phase(), LATER));
  }

  private World offer(World world, Event event, int day) {
    return world.with(offered(world.a(), event, world.phase(), day), world.b(), world.r());
  }

  private static Node offered(Node node, Event event, int phase, int day) {
    return node.after(event, phase, () -> node.consumer().offer(day, start(phase)));
  }

  private World askDormant(World world) {
    ModelConsumer b = world.b().consumer();
    return !isOpen(world.state()) || b.asked() > 0 || !world.b().mayBeDormant(world.phase())
        ? world
        : b(world, Event.ASK_DORMANT_B, () -> b.askDormant(b.next(start(world.phase()))));
  }

  /** Time passes, and the machinery sends what is due every day. */
  private World passes(World world, int phase) {
    if (phase >= PHASES.length || phase <= world.phase()) {
      return world;
    }
    World next = world;
    for (int reached = world.phase() + 1; reached <= phase; reached++) {
      Node r = next.r();
      next =
          isOpen(next.state())
              ? next.with(
                  reminded(next.a(), reached),
                  reminded(next.b(), reached),
                  r == null ? null : reminded(r, reached))
              : next;
      next = next.passed(reached);
    }
    return next;
  }

  private Node reminded(Node node, int phase) {
    return node.after(
        Event.NEXT_PHASE,
        phase,
        () -> {
          ModelConsumer current = node.consumer();
          for (int day = PHASES[phase - 1] + 1; day <= PHASES[phase]; day++) {
            Instant now = time(day * DAY + 60);
            TrackStatus track = TrackRules.derive(current.facts(), terms, now);
            Optional<ReminderSchedule.Reminder> due =
                ReminderSchedule.due(1, track, current.sent(), now);
            if (due.isPresent() && current.sent().contains(due.get().id())) {
              throw new AssertionError("sent twice: " + due);
            } else if (due.isPresent()) {
              current = current.remind(due.get().id(), day);
            }
          }
          return current;
        });
  }

  private static Instant time(long seconds) {
    return ModelConsumer.time(seconds);
  }

  private static long start(int phase) {
    return PHASES[phase] * DAY + 3600;
  }

  /** The time at which rules are asked: after all events of the phase. */
  private static long now(int phase) {
    return start(phase) + 3600;
  }

  private Node node(ModelConsumer consumer) {
    return nodes.computeIfAbsent(consumer, Node::new);
  }
}
