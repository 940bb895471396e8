package io.meshwork;

import com.google.errorprone.annotations.CheckReturnValue;
import io.meshwork.error.Finding;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.delivery.NoticeDelivery;
import io.meshwork.internal.diagnosis.DiagnosisOperations;
import io.meshwork.internal.maintenance.MaintenanceOperations;
import io.meshwork.internal.maintenance.OperatingRun;
import io.meshwork.internal.metrics.MetricsReport;
import io.meshwork.internal.mirror.ChangeQueue;
import io.meshwork.internal.mirror.ChangedMirrors;
import io.meshwork.internal.mirror.MirrorBackend;
import io.meshwork.internal.mirror.MirrorOperations;
import io.meshwork.internal.mirror.NoMirrors;
import io.meshwork.internal.open.OpenOperations;
import io.meshwork.internal.open.OpenOperations.UncommittedOperation;
import io.meshwork.internal.routing.PartitionCatalogs;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.runtime.MeshRuntime;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.maintenance.Maintain;
import io.meshwork.maintenance.MeshDiagnosis;
import io.meshwork.maintenance.Mirrors;
import io.meshwork.meter.Meters;
import io.meshwork.notice.Notifier;
import io.meshwork.notice.Notifier.DeliveryReport;
import io.meshwork.operation.Plan;
import io.meshwork.operation.PlannedOperation;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry;
import io.meshwork.topology.Topology;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.apache.iceberg.io.FileIO;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An open mesh. It starts no threads; Iceberg writes manifests in a daemon pool that is shared in
 * the program. Thread-safe. Close it when the program ends.
 */
public final class Mesh implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Mesh.class);

  private static final Principal ANONYMOUS = Principal.of("anonymous", "reader");

  private final SessionFactories sessions;
  private final UnaryOperator<String> addresses;
  private final String root;
  private final MeshRuntime runtime;
  private final OpenOperations operations = new OpenOperations();
  private final NoticeDelivery delivery;
  private final @Nullable Consumer<String> afterCommits;
  private final AtomicReference<@Nullable Instant> closedAt = new AtomicReference<>();

  /** Creates session factories, which report the partition of each commit to a consumer. */
  interface FactoriesOpener extends Function<Consumer<String>, SessionFactories> {}

  Mesh(
      FactoriesOpener opener,
      UnaryOperator<String> addresses,
      String root,
      MeshRuntime runtime,
      Map<String, Notifier> notifiers,
      @Nullable Executor afterCommitsOn) {
    this.addresses = addresses;
    this.root = root;
    this.runtime = runtime;
    this.sessions = opener.apply(this::committed);
    this.delivery = new NoticeDelivery(background("notices"), notifiers);
    this.afterCommits = afterCommitsOn == null ? null : delivery.afterCommits(afterCommitsOn);
  }

  /**
   * Returns a builder for a mesh over your own ports. For existing backends, use their entry
   * points, such as {@code LocalMesh}.
   *
   * @param registry is closed with the mesh
   * @param files is closed with the mesh
   * @param root the location that contains all files, except the files of domains with a place of
   *     their data, as {@code files} names it; it never changes after the mesh was created
   */
  public static Builder builder(Registry registry, FileIO files, String root) {
    return new MeshSettings(
        OpenedPorts.of(
            ArgumentChecks.required("registry", registry), ArgumentChecks.required("files", files)),
        null,
        ArgumentChecks.text("root", root));
  }

  /**
   * As {@link #builder(Registry, FileIO, String)}, with who this process is and which principals it
   * may act as. Without, no principal is authenticated, and all share the ports of the mesh.
   *
   * @param registry as there
   * @param files as there
   * @param root as there
   * @param credentials is closed with the mesh, or if it cannot be opened
   */
  public static Builder builder(
      Registry registry, FileIO files, String root, PrincipalCredentials credentials) {
    return new MeshSettings(
        OpenedPorts.of(
            ArgumentChecks.required("registry", registry), ArgumentChecks.required("files", files)),
        ArgumentChecks.required("credentials", credentials),
        ArgumentChecks.text("root", root));
  }

  /**
   * Returns a builder for a mesh of a backend that authenticates principals. Nothing is opened
   * before {@link Builder#open}.
   *
   * @param opener opens the credentials when the mesh is opened, with the clock of the mesh and
   *     where its measurements go; the mesh uses the ports of this process, and closes the
   *     credentials. If the opener fails, nothing stays open
   * @param root as for {@link #builder(Registry, FileIO, String)}
   */
  public static Builder builder(
      BiFunction<InstantSource, Meters, PrincipalCredentials> opener, String root) {
    return new MeshSettings(
        OpenedPorts.through(ArgumentChecks.required("opener", opener)),
        null,
        ArgumentChecks.text("root", root));
  }

  /**
   * Returns a client that acts as a principal. This is cheap, except for the first client of a
   * principal on a backend that authenticates principals.
   *
   * @throws io.meshwork.error.AccessDeniedException NOT_THIS_PRINCIPAL if the backend does not let
   *     this process act as the principal; an embedded mesh authenticates no principal
   * @throws io.meshwork.error.BackendException if the backend cannot answer
   */
  public MeshClient clientAs(Principal principal) {
    return new MeshClient(session(ArgumentChecks.required("principal", principal)));
  }

  /**
   * Returns a client that acts as the principal that this process is. A backend that authenticates
   * principals, such as AWS, knows it. Otherwise, as in an embedded mesh, it is {@code
   * anonymous/reader}, which acts for no domain and reads what is open to the mesh.
   */
  public MeshClient client() {
    return clientAs(sessions.self().orElse(ANONYMOUS));
  }

  /**
   * Checks the mesh for damage: logs and documents that were modified, tables that differ from the
   * registry, and files of a snapshot that are missing or have another length. Of each table it
   * reads the newest files completely, until 64 MiB are exceeded, and verifies the checksum of each
   * page; {@link #doctorWithChecksums()} reads all files. It also lists what terminated processes
   * left. It checks the domains that {@link #maintain()} maintains, and the documents of the mesh
   * as a whole. Other operations may run at the same time. Changes nothing.
   *
   * @throws io.meshwork.error.BackendException if the registry or the store cannot be read
   */
  public MeshDiagnosis doctor() {
    return DiagnosisOperations.doctor(doctorSession());
  }

  /**
   * Checks the mesh like {@link #doctor()}, and reads every data file of each retained snapshot
   * completely, up to eight at the same time on the executor, which can take long. Meshwork writes
   * a checksum with each page. Pages without a checksum, of files that other programs wrote, are
   * decoded, which finds most damage but not all. Footers, page indexes and bloom filters have no
   * checksum.
   *
   * @throws io.meshwork.error.BackendException if the registry or the store cannot be read
   */
  public MeshDiagnosis doctorWithChecksums() {
    return DiagnosisOperations.doctorWithChecksums(doctorSession());
  }

  private ClientSession doctorSession() {
    ClientSession session = background("doctor");
    session.checkOpen(MeshAction.of(Verb.MAINTAIN, "the mesh"));
    return session;
  }

  /**
   * Delivers pending notices, and events to notifiers that {@linkplain Notifier#deliversEvents
   * deliver them}, each notifier from where it stopped; see {@link Builder#notifier}. Run it from a
   * scheduler, every few minutes. With an executor, notices are also delivered after each commit,
   * and this call delivers the rest. A process delivers the notices of the domains that {@link
   * #maintain()} maintains. A notifier that fails is retried later, at growing intervals, and
   * delays neither publishes nor other notifiers.
   *
   * @return what was delivered, and what failed
   * @throws io.meshwork.error.BackendException if the registry cannot be read
   */
  public DeliveryReport deliverNotices() {
    ClientSession session = background("notices");
    session.checkOpen(MeshAction.of(Verb.DELIVER, "notices"));
    return delivery.run(session.deadline());
  }

  /**
   * Retries the parked notices once, which {@link #doctor} lists; a notice that fails stays parked.
   * These notices arrive after the notices that were delivered meanwhile.
   *
   * @throws io.meshwork.error.BackendException as {@link #deliverNotices}
   */
  public DeliveryReport retryParkedNotices() {
    ClientSession session = background("notices");
    session.checkOpen(MeshAction.of(Verb.DELIVER, "notices"));
    return delivery.runParked(session.deadline());
  }

  /**
   * Delivers one notice again to each notifier, with the same ID, such as after a receiver lost it;
   * or one event to each notifier that {@linkplain Notifier#deliversEvents delivers events}.
   *
   * @param id the ID of the notice or the event, in a domain that {@link #maintain()} maintains
   * @throws io.meshwork.error.NotFoundException if it does not exist, or no notifier delivers it
   *     now
   * @throws io.meshwork.error.BackendException as {@link #deliverNotices}
   */
  public DeliveryReport redeliverNotice(String id) {
    ClientSession session = background("notices");
    session.checkOpen(MeshAction.of(Verb.DELIVER, "notices"));
    return delivery.redeliver(id, session.deadline());
  }

  /**
   * Runs the maintenance that is due: compacts small files, expires snapshots, and removes what
   * terminated processes left; see {@link Maintain}. Run it from a scheduler, about once a day.
   * Other operations may run at the same time.
   */
  @CheckReturnValue
  public Maintain maintain() {
    return MaintenanceOperations.maintain(
        background("maintenance"),
        (maintained, deadline) -> delivery.run(maintained, deadline).delivered());
  }

  /**
   * Does what is due, as {@link #operate(Duration, BooleanSupplier)}, until the time is over.
   *
   * @param within how long it may take
   */
  public Maintain.Report operate(Duration within) {
    return operate(within, () -> false);
  }

  /**
   * Does what is due: records late products and sends reminders, delivers notices, brings the
   * mirrors of this account up to date if they were run before, reports metrics if the backend is
   * configured for it, and once a day runs the {@link #maintain() maintenance}. Run it from a
   * scheduler, every few minutes. A part that fails does not stop the others. A run that ends early
   * is continued by the next.
   *
   * <p>One process at a time operates the domains that this process maintains. If another one does,
   * this call does nothing, and says until when in {@code remaining}, as {@code
   * OPERATED_ELSEWHERE}. A process that is killed blocks others until {@code within} has passed.
   *
   * @param within how long it may take; a step that runs then, such as a call of a notifier, ends
   *     first
   * @param isStopping asked between steps; true ends the run after the current step. It must be
   *     thread-safe, because with an executor its threads ask, too
   * @return what was due, done, and left; {@code WORK_LEFT} if the run ended before all was done
   * @throws io.meshwork.error.BackendException if the registry fails before a part began
   */
  public Maintain.Report operate(Duration within, BooleanSupplier isStopping) {
    Duration limit = ArgumentChecks.span("within", within);
    BooleanSupplier stopping = ArgumentChecks.required("isStopping", isStopping);
    ClientSession session = background("maintenance");
    session.checkOpen(MeshAction.of(Verb.MAINTAIN, "the mesh"));
    return new OperatingRun(
            session,
            delivery,
            sessions
                .mirrors()
                .map(
                    backend ->
                        deadline ->
                            MirrorOperations.operate(
                                background("mirrors"), backend, this::session, deadline)),
            sessions
                .metrics()
                .map(sink -> new MetricsReport(session, sink).steps())
                .orElse(List.of()))
        .run(runtime.startDeadline(limit).orWhen(stopping));
  }

  /**
   * Repairs what {@link #doctor()} found and what can be repaired without losing anything, in the
   * domains that {@link #maintain()} maintains: removes files of terminated processes after these
   * can no longer commit, rows of attempts past their retention, positions of ended subscriptions
   * and expired reader records; and moves links that follow a product. Damage remains and needs a
   * backup. A link that does not follow remains, and its owner is notified how to fix it. Other
   * operations may run at the same time.
   *
   * <p>Review its plan first, which also has findings for what cannot be repaired. The commit
   * returns what is found afterwards, and why what was due could not be repaired. It throws {@link
   * io.meshwork.error.BackendException} if the registry or the store failed, or the mesh's deadline
   * is over: what was done stays done, and the next run continues. Not thread-safe; commit once.
   */
  @CheckReturnValue
  public PlannedOperation<Plan<MeshDiagnosis>, MeshDiagnosis> repair() {
    return DiagnosisOperations.repair(background("maintenance"));
  }

  /**
   * Forgets a notifier that you stopped using, which ends the findings about it in {@link
   * #doctor()} and in the health of the mesh: removes its positions and parked notices in the
   * domains that {@link #maintain()} maintains. Events and notices that were not delivered to it
   * are lost; the plan counts them for each log. A process that still uses the notifier starts
   * again, as with a new name. If the commit ends early, commit again. The result lists the
   * catalogs that were not available.
   *
   * @param name as for {@link Builder#notifier}
   * @throws io.meshwork.error.InvalidRequestException if no notifier can have this name; the plan
   *     and the commit throw a {@code NotFoundException} if none of this name was used
   */
  @CheckReturnValue
  public PlannedOperation<Plan<List<Finding>>, List<Finding>> forgetNotifier(String name) {
    return NoticeDelivery.forget(background("maintenance"), name);
  }

  /**
   * Brings the services that show the tables of the mesh to other programs up to date, such as AWS
   * Glue; see {@link Mirrors}. Run it from a scheduler, about once an hour. Other operations may
   * run at the same time. A mesh without such services, as an embedded one, has nothing to do.
   */
  @CheckReturnValue
  public Mirrors mirrors() {
    return MirrorOperations.mirrors(background("mirrors"), mirrorBackend(), this::session);
  }

  /**
   * Waits for events about changes that the mirrors show, and brings the mirrors up to date: after
   * a publish, the tables of the product; after another change of one product, such as an
   * amendment, a step of a rollout, or a grant that names it, what {@link Mirrors#of} does, and
   * everything if that has to wait for others; after other changes, or if many products changed,
   * everything. Then delivers the due notices of the products and domains that the events name, if
   * this process {@linkplain #deliverNotices delivers} them. Catalogs of other accounts, and
   * mirrors that were never run, are left alone. The event of what failed comes again, unless a
   * person has to remove the cause; a run of everything does not know whose it was. On AWS, events
   * come to the queue {@code mesh-<name>-changes} in the account of the mesh, which this process
   * has to be in. An event can come late or not at all, so also run {@link #operate} or {@link
   * #mirrors()} from a scheduler. To a mesh without mirrors, no event comes.
   *
   * @param wait the longest wait for the first event, up to 20 seconds; zero for none
   * @return what was done, and what was left and why; empty if nothing came
   * @throws io.meshwork.error.BackendException if the queue does not exist, or if the queue or the
   *     registry cannot be read; the events come again
   */
  public Mirrors.Report mirrorChanges(Duration wait) {
    Duration longest = ArgumentChecks.required("wait", wait);
    if (longest.isNegative() || longest.compareTo(ChangeQueue.LONGEST_WAIT) > 0) {
      throw ArgumentChecks.refused("wait", "is " + wait, "Use zero to 20 seconds.");
    }
    return changedMirrors().run(longest);
  }

  /**
   * As {@link #mirrorChanges(Duration)}, for messages that another program received from the queue,
   * such as AWS Lambda, and removes from it.
   *
   * @param messages the bodies by the ID of the message
   * @return the IDs of the messages that have to come again, because what they are about failed for
   *     now; the log says what failed and why
   * @throws io.meshwork.error.BackendException if the registry cannot be read; all have to come
   *     again
   */
  public Set<String> mirrorChanges(Map<String, String> messages) {
    Map<String, String> received =
        new LinkedHashMap<>(ArgumentChecks.required("messages", messages));
    return changedMirrors().run(received);
  }

  private ChangedMirrors changedMirrors() {
    ClientSession session = background("mirrors");
    session.checkOpen(MeshAction.of(Verb.UPDATE, "the mirrors of the mesh"));
    return MirrorOperations.changed(
        session,
        mirrorBackend(),
        this::session,
        subjects -> delivery.runOf(subjects, session.deadline()));
  }

  private MirrorBackend mirrorBackend() {
    return sessions.mirrors().orElseGet(() -> new NoMirrors(runtime.sleeper()));
  }

  /**
   * Writes pending counts of reads for the audit, then closes registry and files. Running
   * operations fail. Operations that were never planned or committed did nothing; a warning in the
   * log names them. Calling it again has no effect.
   */
  @Override
  public void close() {
    if (closedAt.compareAndSet(null, runtime.clock().instant())) {
      warnAboutUncommittedOperations();
      sessions.close();
    }
  }

  /** An operation without commit() does nothing, and nothing else would say so. */
  private void warnAboutUncommittedOperations() {
    List<UncommittedOperation> open = operations.open();
    if (open.isEmpty()) {
      return;
    }
    LOG.warn("{}", operations.summary());
    ClientSession session = background("closing");
    open.forEach(each -> session.uncommitted(each.by(), each.what()));
  }

  /** The mesh's own documents are written before the rest of it. */
  private void committed(String partition) {
    Consumer<String> after = afterCommits;
    if (after != null
        && !PartitionCatalogs.isGovernance(partition)
        && !RegistryKeys.isReads(partition)) {
      after.accept(partition);
    }
  }

  private ClientSession session(Principal principal) {
    return sessions.of(principal).session(principal, operations, addresses, this::closed);
  }

  /** Returns a session for work of the mesh, by this process or under the name of the work. */
  private ClientSession background(String work) {
    Principal principal = sessions.self().orElseGet(() -> Principal.of("mesh", work));
    return sessions.own().background(principal, operations, addresses, this::closed);
  }

  private Optional<Instant> closed() {
    return Optional.ofNullable(closedAt.get());
  }

  /** Makes what a new registry lacks, and refuses one that is not for this version or place. */
  void prepare() {
    sessions.own().prepare(root);
    delivery.begin();
  }

  /**
   * Settings with which a mesh is opened. Each has a default. Not thread-safe. {@code
   * LocalMesh.builder(..)} and other backends create it.
   */
  public interface Builder {
    /**
     * Sets the catalogs of the mesh, and who sees what. It is fixed when the mesh is created.
     * Default: the topology of the mesh; for a new mesh, one catalog for all domains.
     */
    Builder topology(Topology shape);

    /**
     * Sets where the registries of catalogs are. The registry that the mesh is opened with then
     * only lists the catalogs. A central mesh has one registry and does not call this.
     *
     * @param registries opens the registry of a catalog by its name, and creates it if it does not
     *     exist; throws a {@code BackendException} if it is unavailable, and is called again later.
     *     The registry is closed with the mesh
     */
    Builder catalogs(Function<String, Registry> registries);

    /** Combines {@link #topology(Topology)} and {@link #catalogs}. */
    Builder topology(Topology shape, Function<String, Registry> registries);

    /**
     * Lets each domain write what it records as a consumer, such as subscriptions, positions, and
     * requests, to a partition next to its own, {@code domain/@catalog}, also in its home catalog.
     * Backends that authenticate principals call it, so that a consumer needs no permission to
     * write its domain's own documents. It is fixed when the mesh is created, and has no effect on
     * an existing mesh. Default: a domain writes this to its own partition in its home catalog.
     */
    Builder partitionConsumers();

    /** Sets the clock. Default: the system's. */
    Builder clock(InstantSource source);

    /** Sets how long an operation without its own timeout may take. Default: 1 hour. */
    Builder deadline(Duration limit);

    /**
     * Sets where columns are encoded in a publish and decoded in a read, in parallel, together with
     * the calling thread. A publish also writes rows there while the calling thread reads the next
     * ones. Reads also decode their next batches and row groups there while the caller uses a
     * batch, of up to 64 MiB in memory, and open their next files, at most four ahead. Notices are
     * delivered there too, after each commit. The code of the caller, such as iterators and
     * accessors, runs on the calling thread only. An executor that runs tasks in the calling thread
     * makes a read decode the next batches before it returns one. Default: the calling thread
     * alone, and notices wait for {@code deliverNotices()}. The mesh does not shut it down.
     */
    Builder executor(Executor workers);

    /**
     * Adds a notifier, which delivers notices to another system. Each notifier continues where it
     * stopped, so always give it the same name. A new name receives notices from now on.
     *
     * @param name follows the grammar of domain names, such as {@code outbox}
     */
    Builder notifier(String name, Notifier notifier);

    /** Sets where measurements go, such as {@code MicrometerMeters}. Default: nowhere. */
    Builder meters(Meters port);

    /** Returns settings that only tests use; each of them returns this builder. */
    TestSettings testing();

    /**
     * Opens the mesh, or creates it in an empty registry. If this fails, registry and files are
     * closed.
     *
     * @throws io.meshwork.error.InvalidRequestException if the mesh was created with another root,
     *     as a copy was, or with another topology, or has several catalogs and {@link #catalogs}
     *     was not called
     * @throws io.meshwork.error.BackendException if the registry cannot be read, or requires a
     *     feature that this version does not have
     */
    Mesh open();
  }

  /** Settings for tests: waits, IDs, and wrappers around the ports. Not thread-safe. */
  public interface TestSettings {
    /** Sets how retries wait, such as by advancing a test clock. Default: they sleep. */
    Builder sleeper(Consumer<Duration> waiting);

    /** Generates IDs that repeat for a seed. Default: IDs that cannot be guessed. */
    Builder idSeed(long start);

    /**
     * Wraps the registry, and the registries of catalogs, such as to count calls or inject faults.
     * The last wrapper is the outermost. Default: no wrapper.
     *
     * @param wrapping returns a registry that is closed with the mesh and closes its argument
     */
    Builder wrapRegistry(UnaryOperator<Registry> wrapping);

    /** Wraps the files, as {@link #wrapRegistry} wraps the registry. Default: no wrapper. */
    Builder wrapFiles(UnaryOperator<FileIO> wrapping);
  }
}
