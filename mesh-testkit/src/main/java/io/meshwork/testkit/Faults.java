package io.meshwork.testkit;

import io.meshwork.notice.Notifier;
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
 * Makes the ports of a mesh fail on purpose, the same way each time for the same seed. Put it
 * between a mesh and its ports, then say what fails:
 *
 * <pre>{@code
 * Faults faults = Faults.seeded(42);
 * try (Mesh mesh = InMemoryMesh.with(faults).open()) {
 *   faults.on(Faults.Port.REGISTRY_COMMIT).nth(1).loseReply();
 *   faults.on(Faults.Port.FILE_WRITE).path("**&#47;metadata/**").probability(0.1).failBefore();
 *   // publish; it must tell the truth
 * }
 * }</pre>
 *
 * <p>Of several faults that meet one call, the one that was set first happens. {@link CrashHarness}
 * sets one at each call that a scenario makes. Thread-safe.
 */
public final class Faults {
  private static final String FAULT = " -> ";

  private final Random random;
  private final List<Rule> rules = new ArrayList<>();
  private final Map<Integer, InjectedFault> replayed = new TreeMap<>();
  private final List<Call> calls = new ArrayList<>();
  private final List<Held> held = new ArrayList<>();
  private final List<String> openStreams = new ArrayList<>();
  private @Nullable String death;

  private Faults(long seed) {
    random = new Random(seed);
  }

  /** No faults yet; those that happen by chance follow the seed. */
  public static Faults seeded(long seed) {
    return new Faults(seed);
  }

  /**
   * The faults of a {@link #trace()}, at the calls of the same number. Whoever makes the same calls
   * meets the same faults.
   *
   * @throws IllegalArgumentException if the text is no trace
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

  /** What can fail: a kind of call of a port. */
  public enum Port {
    /** A document is read. */
    REGISTRY_READ,
    /** A page of documents is listed. */
    REGISTRY_LIST,
    /** A transaction is committed. */
    REGISTRY_COMMIT,
    /** The end of an attempt is asked for. */
    REGISTRY_RESOLVE,
    /** A file is looked up, opened, or read on. */
    FILE_READ,
    /** A file is begun, or bytes are written to it; only the latter can be torn. */
    FILE_WRITE,
    /** A file is closed: synced, and seen by others from then on. */
    FILE_CLOSE,
    /** Files are deleted; many at once can be torn. */
    FILE_DELETE,
    /** Files are listed. */
    FILE_LIST,
    /** A notice is handed to a notifier. */
    NOTIFY
  }

  /** When a process ends, seen from one call of a port. */
  public enum Phase {
    /** Nothing of the call is done. */
    BEFORE,
    /** A part of the call is done: half of it, unless the harness says otherwise. */
    TORN,
    /** The call is done, and nothing after it. */
    AFTER,
    /**
     * The call is done and its answer is lost, which the caller sees as a failure or an unknown
     * outcome; whoever is killed dies at his next call, and whoever is not goes on.
     */
    REPLY_LOST,
    /**
     * A commit is on its way and arrives only with {@link Faults#deliver()}. Of other calls nothing
     * is done.
     */
    DELAYED
  }

  /** How a process ends. */
  public enum Death {
    /** At once: every later call of every port throws {@link SimulatedCrash} and does nothing. */
    KILL,
    /**
     * By one {@link SimulatedCrash} that goes up through the program: {@code finally} blocks run,
     * and the ports serve them.
     */
    THROW,
    /** Not at all: the port says in its own way that it failed, and the program goes on. */
    NONE
  }

  /** Begins a fault of these ports, which lasts until {@link #clear()} unless it is the nth. */
  public When on(Port first, Port... more) {
    return new When(this, EnumSet.of(first, more));
  }

  /** The same of all ports. */
  public When onAny() {
    return new When(this, EnumSet.allOf(Port.class));
  }

  /** Forgets all faults that were set, not the calls, and nobody comes back to life. */
  public synchronized void clear() {
    rules.clear();
    replayed.clear();
  }

  /** A registry before another one that meets these faults; closing it closes the other. */
  public Registry registry(Registry real) {
    return new FaultyRegistry(real, this);
  }

  /** Files before others that meet these faults, and can list if those can. */
  public FileIO files(FileIO real) {
    return FaultyFileIO.over(real, this);
  }

  /** A notifier before another one that meets these faults; a fault's path fits a notice's id. */
  public Notifier notifier(Notifier real) {
    return notice ->
        call(
            Port.NOTIFY,
            notice.id(),
            () -> {
              real.deliver(notice);
              return true;
            },
            () -> new IllegalStateException("the notifier was made to fail"));
  }

  /**
   * All calls so far, one a line: number from 1, port, on what, and behind an arrow the fault that
   * it met. {@link #replay} reads it.
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

  /** How many calls were made so far, by all ports together. */
  public synchronized int calls() {
    return calls.size();
  }

  /** True from a death by {@link Death#KILL} on. */
  public synchronized boolean isDead() {
    return death != null;
  }

  /**
   * Delivers the commits that {@link When#holdBack()} kept, in order, and forgets them.
   *
   * @return how the registry answered each
   */
  public List<Outcome> deliver() {
    return takeHeld().stream().map(late -> late.to().commit(late.transaction())).toList();
  }

  /** The same to another registry, where the one that it was meant for was closed. */
  void deliverTo(Registry registry) {
    takeHeld().forEach(late -> registry.commit(late.transaction()));
  }

  /** True if a commit is on its way. */
  synchronized boolean holdsBack() {
    return !held.isEmpty();
  }

  private synchronized List<Held> takeHeld() {
    List<Held> late = List.copyOf(held);
    held.clear();
    return late;
  }

  /** A commit that is on its way. */
  private record Held(Registry to, Transaction transaction) {}

  /**
   * One call as it was made.
   *
   * @param port of which port
   * @param subject on what: a location; a partition, or a partition with a sort key or its prefix
   * @param size how many parts it has that can be done without the others; 1 if it cannot be torn
   * @param met what happened to it
   */
  record Call(Port port, String subject, int size, InjectedFault met) {}

  synchronized List<Call> made() {
    return List.copyOf(calls);
  }

  synchronized void add(Rule rule) {
    rules.add(rule);
  }

  synchronized void hold(Registry real, Transaction transaction) {
    held.add(new Held(real, transaction));
  }

  synchronized void streamOpened(String location) {
    openStreams.add(location);
  }

  synchronized void streamClosed(String location) {
    openStreams.remove(location);
  }

  /** The files of streams that were opened and not closed so far. */
  synchronized List<String> openStreams() {
    return List.copyOf(openStreams);
  }

  /** What meets the next call; throws if the process is dead. */
  InjectedFault meet(Port port, String subject, int size) {
    List<Runnable> meanwhile = new ArrayList<>();
    InjectedFault met = meet(port, subject, size, meanwhile);
    meanwhile.forEach(Runnable::run);
    return met;
  }

  private synchronized InjectedFault meet(
      Port port, String subject, int size, List<Runnable> meanwhile) {
    requireAlive();
    int number = calls.size() + 1;
    InjectedFault met = replayed.getOrDefault(number, InjectedFault.NONE);
    for (Rule rule : rules) {
      if (rule.isDue(port, subject, random)) {
        meanwhile.add(rule.meanwhile);
        met = met.kind() == Kind.NONE ? rule.mishap : met;
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
      throw new SimulatedCrash(death + "; this call comes after it");
    }
  }

  /** A call of a port that happens or not. */
  interface Effect<T, E extends Exception> {
    T happen() throws E;
  }

  /**
   * Makes a call that is done in whole or not at all.
   *
   * @param failure how the port fails
   */
  <T, E extends Exception> T call(
      Port port, String subject, Effect<T, E> effect, Supplier<? extends E> failure) throws E {
    return call(meet(port, subject, 1), effect, failure);
  }

  /** The same with a fault that was met already. */
  static <T, E extends Exception> T call(
      InjectedFault fault, Effect<T, E> effect, Supplier<? extends E> failure) throws E {
    T answer = null;
    if (fault.does()) {
      answer = effect.happen();
      if (fault.kind() == Kind.NONE) {
        return answer;
      }
    }
    throwCrash(fault);
    throw failure.get();
  }

  /** Throws what a crash throws at its call; does nothing for other faults, and lost replies. */
  static void throwCrash(InjectedFault fault) {
    if (fault.kind() == Kind.CRASH && fault.phase() != Phase.REPLY_LOST) {
      throw new SimulatedCrash("by " + fault);
    }
  }

  /** A fault that waits for its call. */
  static final class Rule {
    private final Set<Port> ports;
    private final @Nullable Pattern path;
    private final double probability;
    private final int nth;
    private final InjectedFault mishap;
    private final Runnable meanwhile;
    private int seen;

    private Rule(When when, InjectedFault mishap, Runnable meanwhile) {
      ports = when.ports;
      path = when.path;
      probability = when.probability;
      nth = when.nth;
      this.mishap = mishap;
      this.meanwhile = meanwhile;
    }

    private boolean isDue(Port port, String subject, Random random) {
      if (!ports.contains(port) || (path != null && !path.matcher(subject).matches())) {
        return false;
      }
      seen++;
      return (nth == 0 || seen == nth) && (probability >= 1 || random.nextDouble() < probability);
    }
  }

  /**
   * Which call fails, and then how. Nothing is set before one of the methods that say how. Not
   * thread-safe.
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
     * Only this one of the calls that fit, counted from 1 from when the fault is set. Default: all.
     *
     * @throws IllegalArgumentException if it is below 1
     */
    public When nth(int call) {
      if (call < 1) {
        throw new IllegalArgumentException("Calls are counted from 1, and this is " + call);
      }
      nth = call;
      return this;
    }

    /**
     * Only calls on what fits: a file's location, {@code partition/sort key} where a document is
     * read, {@code partition/prefix} where documents are listed, a notice's id, else a partition. A
     * star stands for anything without a slash, two for anything, a question mark for one
     * character.
     */
    public When path(String glob) {
      path = LocationGlobs.pattern(glob);
      return this;
    }

    /**
     * Only so many of the calls that fit, by chance.
     *
     * @param share from 0, none, to 1, all
     * @throws IllegalArgumentException if it is something else
     */
    public When probability(double share) {
      if (!(share >= 0 && share <= 1)) {
        throw new IllegalArgumentException("A share lies between 0 and 1, and this is " + share);
      }
      probability = share;
      return this;
    }

    /** It fails, and nothing was done; a commit says so, and a resolve answers UNKNOWN. */
    public Faults failBefore() {
      return set(InjectedFault.of(Kind.FAIL_BEFORE));
    }

    /** It is done, and then throws an exception that does not say so. */
    public Faults failAfter() {
      return set(InjectedFault.of(Kind.FAIL_AFTER));
    }

    /**
     * It is done, and its answer is lost: commit and resolve answer UNKNOWN, others throw as they
     * do when their store cannot be reached.
     */
    public Faults loseReply() {
      return set(InjectedFault.of(Kind.LOSE_REPLY));
    }

    /**
     * A commit is on its way and its answer is lost: it answers UNKNOWN, and arrives with {@link
     * Faults#deliver()}. Other calls fail before.
     */
    public Faults holdBack() {
      return set(InjectedFault.of(Kind.HOLD_BACK));
    }

    /** A commit answers that others were faster, and does nothing. Other calls fail before. */
    public Faults conflict() {
      return set(InjectedFault.of(Kind.CONFLICT));
    }

    /**
     * A part of it is done, and then it fails: of the bytes of a write, or of the files that are
     * deleted together. Calls without parts fail before.
     *
     * @param share how much: 0 is nothing, more is at least one byte or file, and 1 all but one
     * @throws IllegalArgumentException if it lies outside
     */
    public Faults tear(double share) {
      return set(InjectedFault.tear(share));
    }

    /** The process ends there, or the call fails there if nobody is to die. */
    public Faults crash(Phase phase, Death death) {
      return set(InjectedFault.at(phase, death, 0.5));
    }

    /**
     * Something happens right before it, on the same thread, such as a publish of another one who
     * is faster. The call itself is made. Say {@link #nth} if it makes such calls itself.
     */
    public Faults meanwhile(Runnable action) {
      return set(InjectedFault.NONE, action);
    }

    Faults set(InjectedFault mishap) {
      return set(mishap, () -> {});
    }

    private Faults set(InjectedFault mishap, Runnable meanwhile) {
      faults.add(new Rule(this, mishap, meanwhile));
      return faults;
    }
  }
}
