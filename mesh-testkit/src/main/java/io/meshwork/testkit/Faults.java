package io.meshwork.testkit;

import io.meshwork.event.MeshEvent;
import io.meshwork.notice.Notice;
import io.meshwork.notice.Notifier;
import io.meshwork.product.Domain;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Outcome;
import io.meshwork.registry.Registry.Transaction;
import io.meshwork.testkit.InjectedFault.Kind;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.iceberg.io.FileIO;
import org.jspecify.annotations.Nullable;

/**
 * Injects faults into the ports of a mesh, repeatably for the same seed. Pass it to the mesh, then
 * set the faults:
 *
 * <pre>{@code
 * Faults faults = Faults.seeded(42);
 * try (Mesh mesh = InMemoryMesh.builder(faults).open()) {
 *   faults.on(Faults.Port.REGISTRY_COMMIT).nth(1).loseReply();
 *   faults.on(Faults.Port.FILE_WRITE).path("**&#47;metadata/**").probability(0.1).failBefore();
 *   // publish, and check the reported outcome
 * }
 * }</pre>
 *
 * <p>If several faults match one call, the first one that was set applies. {@link CrashHarness}
 * sets a fault at each call of a scenario. Thread-safe.
 */
public final class Faults {
  private static final String FAULT = " -> ";

  private final Random random;
  private final List<Rule> rules = new ArrayList<>();
  private final Map<Integer, InjectedFault> replayed = new TreeMap<>();
  private final List<Call> calls = new ArrayList<>();
  private final List<DelayedCommit> held = new ArrayList<>();
  private final List<String> openStreams = new ArrayList<>();
  private @Nullable String death;

  private Faults(long seed) {
    random = new Random(seed);
  }

  /** Creates an object without faults; faults with a probability use the seed. */
  public static Faults seeded(long seed) {
    return new Faults(seed);
  }

  /**
   * Creates the faults of a {@link #trace()}, at the calls with the same numbers, so that the same
   * calls have the same faults.
   *
   * @throws IllegalArgumentException if the text is not a trace
   */
  public static Faults replay(String trace) {
    Faults faults = new Faults(0);
    for (String line : trace.lines().toList()) {
      int fault = line.lastIndexOf(FAULT);
      if (fault >= 0) {
        int number = Integer.parseInt(line.substring(0, line.indexOf(' ')));
        faults.replayed.put(number, InjectedFault.parse(line.substring(fault + FAULT.length())));
      }
    }
    return faults;
  }

  /** A kind of port call that can fail. */
  public enum Port {
    /** A document is read. */
    REGISTRY_READ,
    /** A page of documents is listed. */
    REGISTRY_LIST,
    /** A transaction is committed. */
    REGISTRY_COMMIT,
    /** The outcome of an attempt is resolved. */
    REGISTRY_RESOLVE,
    /** A file is checked, opened, or read. */
    FILE_READ,
    /** A file is created, or bytes are written to it; only the latter can be torn. */
    FILE_WRITE,
    /** A file is closed: synced and made visible. */
    FILE_CLOSE,
    /** Files are deleted; many at once can be torn. */
    FILE_DELETE,
    /** Files are listed. */
    FILE_LIST,
    /** A notice or an event is delivered to a notifier. */
    NOTIFY
  }

  /** When a process ends, relative to one call of a port. */
  public enum Phase {
    /** The call has no effect. */
    BEFORE,
    /** A part of the call takes effect: half of it, unless the harness sets another share. */
    TORN,
    /** The call takes effect, and no later call. */
    AFTER,
    /**
     * The call takes effect and its reply is lost, so that the caller gets a failure or an unknown
     * outcome. A process to be killed ends at its next call; otherwise it continues.
     */
    REPLY_LOST,
    /**
     * A commit is delayed and arrives only with {@link Faults#deliver()}. Other calls have no
     * effect.
     */
    DELAYED
  }

  /** How a process ends. */
  public enum Death {
    /** Immediately: every later call of a port throws {@link SimulatedCrash} without effect. */
    KILL,
    /**
     * With one {@link SimulatedCrash} that propagates through the program: {@code finally} blocks
     * run and can use the ports.
     */
    THROW,
    /** Not at all: the call fails as the port usually does, and the program continues. */
    NONE
  }

  /**
   * Starts a fault of these ports, which lasts until {@link #clear()} unless {@code nth} is set.
   */
  public When on(Port first, Port... more) {
    return new When(this, EnumSet.of(first, more));
  }

  /** Starts a fault of all ports. */
  public When onAny() {
    return new When(this, EnumSet.allOf(Port.class));
  }

  /** Removes all faults; retains the recorded calls, and a killed process stays killed. */
  public synchronized void clear() {
    rules.clear();
    replayed.clear();
  }

  /** Returns a registry with these faults that delegates to another, and closes it. */
  public Registry registry(Registry real) {
    return new FaultyRegistry(real, this);
  }

  /** Returns files with these faults that delegate to others, and can list if those can. */
  public FileIO files(FileIO real) {
    return FaultyFileIO.over(real, this);
  }

  /**
   * Returns a notifier with these faults that delegates to another; paths match the IDs of notices
   * and events.
   */
  public Notifier notifier(Notifier real) {
    return new Notifier() {
      @Override
      public void deliver(Notice notice) {
        deliver(notice.id(), () -> real.deliver(notice));
      }

      @Override
      public boolean deliversEvents() {
        return real.deliversEvents();
      }

      @Override
      public void deliver(MeshEvent event, Domain owner) {
        deliver(event.id(), () -> real.deliver(event, owner));
      }

      private void deliver(String id, Runnable delivery) {
        call(
            Port.NOTIFY,
            id,
            () -> {
              delivery.run();
              return true;
            },
            () -> new IllegalStateException("a test made the notifier fail"));
      }
    };
  }

  /**
   * Returns all calls so far, one per line: number from 1, port, subject, and after an arrow the
   * fault, if any. {@link #replay} parses it.
   */
  public synchronized String trace() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < calls.size(); i++) {
      Call call = calls.get(i);
      text.append(i + 1).append(' ').append(call.port()).append(' ').append(call.subject());
      if (call.met().kind() != Kind.NONE) {
        text.append(FAULT).append(call.met());
      }
      text.append('\n');
    }
    return text.toString();
  }

  /** Returns the number of calls so far, of all ports. */
  public synchronized int calls() {
    return calls.size();
  }

  /** Returns true after a crash with {@link Death#KILL}. */
  public synchronized boolean isDead() {
    return death != null;
  }

  /**
   * Delivers the commits that {@link When#holdBack()} delayed, in order, once.
   *
   * @return the outcome of each
   */
  public List<Outcome> deliver() {
    return takeHeld().stream().map(late -> late.to().commit(late.transaction())).toList();
  }

  /** Delivers the delayed commits to another registry, because the original one was closed. */
  void deliverTo(Registry registry) {
    takeHeld().forEach(late -> registry.commit(late.transaction()));
  }

  /** Returns true if a commit is delayed. */
  synchronized boolean holdsBack() {
    return !held.isEmpty();
  }

  private synchronized List<DelayedCommit> takeHeld() {
    List<DelayedCommit> late = List.copyOf(held);
    held.clear();
    return late;
  }

  private record DelayedCommit(Registry to, Transaction transaction) {}

  /**
   * One recorded call.
   *
   * @param port the kind of call
   * @param subject a location; a partition, or a partition with a sort key or its prefix
   * @param size the number of parts that can take effect separately; 1 if it cannot be torn
   * @param met the fault of the call
   */
  record Call(Port port, String subject, int size, InjectedFault met) {}

  synchronized List<Call> made() {
    return List.copyOf(calls);
  }

  synchronized void add(Rule rule) {
    rules.add(rule);
  }

  synchronized void hold(Registry real, Transaction transaction) {
    held.add(new DelayedCommit(real, transaction));
  }

  synchronized void streamOpened(String location) {
    openStreams.add(location);
  }

  synchronized void streamClosed(String location) {
    openStreams.remove(location);
  }

  /** Returns the files of open streams. */
  synchronized List<String> openStreams() {
    return List.copyOf(openStreams);
  }

  /** Records a call and returns its fault; throws if the process was killed. */
  InjectedFault meet(Port port, String subject, int size) {
    List<Runnable> before = new ArrayList<>();
    InjectedFault met = meet(port, subject, size, before);
    before.forEach(Runnable::run);
    return met;
  }

  private synchronized InjectedFault meet(
      Port port, String subject, int size, List<Runnable> before) {
    requireAlive();
    int number = calls.size() + 1;
    InjectedFault met = replayed.getOrDefault(number, InjectedFault.NONE);
    for (Rule rule : rules) {
      if (rule.isDue(port, subject, random)) {
        before.add(rule.before);
        met = met.kind() == Kind.NONE ? rule.fault : met;
      }
    }
    calls.add(new Call(port, subject, size, met));
    if (met.kills()) {
      death = "at call " + number + ", " + port + " " + subject + ": " + met;
    }
    return met;
  }

  synchronized void requireAlive() {
    if (death != null) {
      throw new SimulatedCrash(death + "; this call is later");
    }
  }

  /** The effect of a call. */
  interface Effect<T, E extends Exception> {
    T happen() throws E;
  }

  /**
   * Makes a call that takes effect completely or not at all.
   *
   * @param failure creates the port's exception
   */
  <T, E extends Exception> T call(
      Port port, String subject, Effect<T, E> effect, Supplier<? extends E> failure) throws E {
    return call(meet(port, subject, 1), effect, failure);
  }

  /** Makes a call with the fault that was determined for it. */
  static <T, E extends Exception> T call(
      InjectedFault fault, Effect<T, E> effect, Supplier<? extends E> failure) throws E {
    T result = null;
    if (fault.does()) {
      result = effect.happen();
      if (fault.kind() == Kind.NONE) {
        return result;
      }
    }
    throwCrash(fault);
    throw failure.get();
  }

  /** Throws the crash of a fault; does nothing for other faults and lost replies. */
  static void throwCrash(InjectedFault fault) {
    if (fault.kind() == Kind.CRASH && fault.phase() != Phase.REPLY_LOST) {
      throw new SimulatedCrash("by " + fault);
    }
  }

  /** A fault and the calls that it applies to. */
  static final class Rule {
    private final Set<Port> ports;
    private final @Nullable Pattern path;
    private final double probability;
    private final int nth;
    private final InjectedFault fault;
    private final Runnable before;
    private int matches;

    private Rule(When when, InjectedFault fault, Runnable before) {
      ports = when.ports;
      path = when.path;
      probability = when.probability;
      nth = when.nth;
      this.fault = fault;
      this.before = before;
    }

    private boolean isDue(Port port, String subject, Random random) {
      if (!ports.contains(port) || (path != null && !path.matcher(subject).matches())) {
        return false;
      }
      matches++;
      return (nth == 0 || matches == nth)
          && (probability >= 1 || random.nextDouble() < probability);
    }
  }

  /**
   * Selects calls, then sets their fault. Nothing is set before one of the methods that return
   * {@link Faults}. Not thread-safe.
   */
  public static final class When {
    private final Faults faults;
    private final Set<Port> ports;
    private @Nullable Pattern path;
    private double probability = 1;
    private int nth;

    private When(Faults faults, Set<Port> ports) {
      this.faults = faults;
      this.ports = ports;
    }

    /**
     * Selects only this one of the matching calls, counted from 1 since the fault was set. Default:
     * all.
     *
     * @throws IllegalArgumentException if below 1
     */
    public When nth(int call) {
      if (call < 1) {
        throw new IllegalArgumentException("Calls are counted from 1; the argument is " + call);
      }
      nth = call;
      return this;
    }

    /**
     * Selects only calls whose subject matches: a file's location, {@code partition/sort key} of a
     * document that is read, {@code partition/prefix} of documents that are listed, a notice's ID,
     * or otherwise a partition. A star matches any text without a slash, two stars any text, a
     * question mark one character.
     */
    public When path(String glob) {
      path = LocationGlobs.pattern(glob);
      return this;
    }

    /**
     * Selects a random share of the matching calls.
     *
     * @param share from 0, none, to 1, all
     * @throws IllegalArgumentException if outside this range
     */
    public When probability(double share) {
      if (!(share >= 0 && share <= 1)) {
        throw new IllegalArgumentException("A share is between 0 and 1; the argument is " + share);
      }
      probability = share;
      return this;
    }

    /** Fails without effect; a commit reports that, and a resolve returns UNKNOWN. */
    public Faults failBefore() {
      return set(InjectedFault.of(Kind.FAIL_BEFORE));
    }

    /** Takes effect, then throws an exception that does not report it. */
    public Faults failAfter() {
      return set(InjectedFault.of(Kind.FAIL_AFTER));
    }

    /**
     * Takes effect, but the reply is lost: commit and resolve return UNKNOWN, other calls throw as
     * if their store were not available.
     */
    public Faults loseReply() {
      return set(InjectedFault.of(Kind.LOSE_REPLY));
    }

    /**
     * Delays a commit and loses its reply: it returns UNKNOWN, and arrives with {@link
     * Faults#deliver()}. Other calls fail without effect.
     */
    public Faults holdBack() {
      return set(InjectedFault.of(Kind.HOLD_BACK));
    }

    /** Makes a commit return a conflict, without effect. Other calls fail without effect. */
    public Faults conflict() {
      return set(InjectedFault.of(Kind.CONFLICT));
    }

    /**
     * Takes effect in part, then fails: for some bytes of a write, or some of the files that are
     * deleted together. Calls without parts fail without effect.
     *
     * @param share 0 for nothing; otherwise at least one byte or file; 1 for all but one
     * @throws IllegalArgumentException if outside this range
     */
    public Faults tear(double share) {
      return set(InjectedFault.tear(share));
    }

    /** Ends the process at the call, or fails the call for {@link Death#NONE}. */
    public Faults crash(Phase phase, Death death) {
      return set(InjectedFault.at(phase, death, 0.5));
    }

    /**
     * Runs an action directly before the call, on the same thread, such as a concurrent publish.
     * The call itself is made. Set {@link #nth} if the action makes such calls itself.
     */
    public Faults meanwhile(Runnable action) {
      return set(InjectedFault.NONE, action);
    }

    Faults set(InjectedFault fault) {
      return set(fault, () -> {});
    }

    private Faults set(InjectedFault fault, Runnable before) {
      faults.add(new Rule(this, fault, before));
      return faults;
    }
  }
}
