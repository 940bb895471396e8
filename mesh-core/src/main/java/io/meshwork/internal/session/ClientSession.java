package io.meshwork.internal.session;

import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshException;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.open.OpenOperation;
import io.meshwork.internal.open.OpenOperations;
import io.meshwork.internal.rights.AccessPolicy;
import io.meshwork.internal.rights.RightsDocuments;
import io.meshwork.internal.rights.RightsMirror;
import io.meshwork.internal.routing.PartitionCatalogs;
import io.meshwork.internal.runtime.CommitGuard;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.runtime.MeshRuntime;
import io.meshwork.internal.table.MeshTables;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.iceberg.io.FileIO;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The session of one principal in one open mesh. Thread-safe.
 *
 * @param principal the acting principal
 * @param ledger the registry's documents and logs
 * @param catalog domains, products, and versions, as the principal sees them
 * @param policy decides what a principal may read of a table; shared by all sessions of the mesh
 * @param rights the documents of tags and grants
 * @param accessCounter counts reads and denials; shared by all sessions of the mesh
 * @param operations operations that are not committed yet; shared by all sessions of the mesh
 * @param tables the tables of products
 * @param files the file storage
 * @param addresses converts a location to the URI that external programs read
 * @param runtime clock, IDs, sleep, executor
 * @param process the account of this process; empty if the backend authenticates no principal
 * @param rightsMirror decides who may read outside the mesh; empty if nothing does
 * @param closedAt when the mesh was closed; empty while it is open
 */
public record ClientSession(
    Principal principal,
    Ledger ledger,
    Catalog catalog,
    AccessPolicy policy,
    RightsDocuments rights,
    AccessCounter accessCounter,
    OpenOperations operations,
    MeshTables tables,
    FileIO files,
    UnaryOperator<String> addresses,
    MeshRuntime runtime,
    Optional<ProcessAccount> process,
    Optional<RightsMirror> rightsMirror,
    Supplier<Optional<Instant>> closedAt) {
  private static final Logger LOG = LoggerFactory.getLogger(ClientSession.class);

  /** Limits the catalog to what the principal sees. */
  public ClientSession {
    catalog = catalog.seenBy(principal);
  }

  /** A session that shares no cached rights with other sessions. */
  public ClientSession(
      Principal principal,
      Ledger ledger,
      Catalog catalog,
      MeshTables tables,
      FileIO files,
      UnaryOperator<String> addresses,
      MeshRuntime runtime,
      Supplier<Optional<Instant>> closedAt) {
    this(
        principal,
        ledger,
        catalog,
        AccessPolicy.of(new RightsDocuments(ledger, catalog), catalog),
        new RightsDocuments(ledger, catalog),
        new AccessCounter(ledger, catalog, runtime, true),
        new OpenOperations(),
        tables,
        files,
        addresses,
        runtime,
        Optional.empty(),
        Optional.empty(),
        closedAt);
  }

  /**
   * The account of a process, on a backend that authenticates principals.
   *
   * @param account its name
   * @param governance true if it governs the mesh
   * @param accounts true for names that accounts of the backend can have
   * @param mirrorsOf returns the account in which a catalog is mirrored; empty if none is
   */
  public record ProcessAccount(
      String account,
      boolean governance,
      Predicate<String> accounts,
      Optional<UnaryOperator<String>> mirrorsOf) {}

  /** The same session, whose reads and denials are not counted. */
  public ClientSession uncounted() {
    return new ClientSession(
        principal,
        ledger,
        catalog,
        policy,
        rights,
        accessCounter.silent(),
        operations,
        tables,
        files,
        addresses,
        runtime,
        process,
        rightsMirror,
        closedAt);
  }

  /** True if the backend can have an account of this name. */
  public boolean canHaveAccount(String name) {
    return process.isEmpty() || process.get().accounts().test(name);
  }

  /**
   * The domains that a process maintains.
   *
   * @param all true for all domains and the documents of the mesh as a whole
   * @param domains otherwise their storage names, with {@link RegistryKeys#MESH} for the documents
   *     of the mesh as a whole
   */
  public record MaintainedDomains(boolean all, Set<String> domains) {
    public MaintainedDomains {
      domains = Set.copyOf(domains);
    }

    /** True if the process maintains the domain that writes this partition. */
    public boolean includes(String partition) {
      return all || domains.contains(PartitionCatalogs.domain(partition));
    }
  }

  /**
   * The domains that this process maintains: all of them if the backend authenticates no principal,
   * otherwise the domain that its account acts for. Reads the registry.
   *
   * @throws io.meshwork.error.BackendException if the registry cannot be read
   */
  public MaintainedDomains maintainedDomains() {
    if (process.isEmpty()) {
      return new MaintainedDomains(true, Set.of());
    }
    Set<String> domains = new HashSet<>();
    catalog
        .findAvailableAccount(process.get().account())
        .ifPresent(account -> domains.add(RegistryKeys.partition(account.domain())));
    if (process.get().governance()) {
      domains.add(RegistryKeys.MESH);
    }
    return new MaintainedDomains(false, domains);
  }

  /** What the principal may do. */
  public Authorizer authorizer() {
    return new Authorizer(principal, catalog, policy, accessCounter, runtime.clock());
  }

  /** The default deadline of an operation that starts now. */
  public Deadline deadline() {
    return runtime.startDeadline(runtime.deadline());
  }

  /**
   * Counts an access denial for the audit. Other failures are not counted.
   *
   * @param subject the product or the domain that the action is on
   * @param action the attempted action; the denial is counted under its verb
   * @return {@code failure}, for the caller to throw
   */
  public <E extends MeshException> E denied(String subject, MeshAction action, E failure) {
    if (failure instanceof AccessDeniedException denied) {
      accessCounter.denied(principal, action.verb(), subject, action, denied);
    }
    return failure;
  }

  /**
   * A read or a poll that is allowed, before it returns anything.
   *
   * @param consumer the domain of the reader
   * @param version the version that is read
   * @param columns paths of the columns that are read or filtered by; {@code *} for all
   * @param readmission allows the read again, or throws, after the version changed
   */
  public record AdmittedRead(
      ProductName product,
      String consumer,
      VersionEntry version,
      Set<String> columns,
      Supplier<VersionEntry> readmission) {
    public AdmittedRead {
      columns = Set.copyOf(columns);
    }
  }

  /** Records a read without a subscription; reads of the product's owner are not recorded. */
  public void recordUse(AdmittedRead read) {
    accessCounter.usage().record(this, read);
  }

  /**
   * Records a read or a poll by a subscription.
   *
   * @param subscription its name
   * @param live returns its document, or throws if it was ended
   * @throws MeshException if the registry failed, or the subscription was ended
   */
  public void recordUse(AdmittedRead read, String subscription, Supplier<VersionedDocument> live) {
    ledger.commit(
        new UsageChange(this, read, subscription, () -> Optional.of(live.get())), deadline());
  }

  /** Notifies the observer of an opened reader; run the result when the reader is closed. */
  public Runnable opened(MeshAction action) {
    return observedEnd(
        action, () -> runtime.witness().opened(principal.toString(), action.toString()));
  }

  /** An operation of the principal, which counts as open from its {@code begin}. */
  public OpenOperation operation(MeshAction action) {
    String by = principal.toString();
    String what = action.toString();
    return operations.operation(
        by, what, () -> observedEnd(action, () -> runtime.witness().created(by, what)));
  }

  /** Commits a change within the time of an operation. */
  public <R> R commit(Ledger.Change<R> change) {
    return ledger.commit(change, deadline());
  }

  /**
   * Commits a change, once.
   *
   * @param once guards the operation
   */
  public <R> R commit(CommitGuard once, Ledger.Change<R> change) {
    checkOpen(change.action());
    return once.run(() -> commit(change));
  }

  /** Runs a change of rows, and notifies the observer of its outcome. */
  public <R> R observed(MeshAction action, Supplier<R> change) {
    try {
      R result = change.get();
      committed(action, result);
      return result;
    } catch (MeshException e) {
      refused(action, e);
      throw e;
    }
  }

  /** Notifies the observer of a change of rows that was committed. */
  public void committed(MeshAction action, Object result) {
    notifyObserver(
        action, () -> runtime.witness().committed(principal.toString(), action.toString(), result));
  }

  /** Notifies the observer of a change of rows that failed. */
  public void refused(MeshAction action, MeshException cause) {
    notifyObserver(
        action, () -> runtime.witness().refused(principal.toString(), action.toString(), cause));
  }

  /** Notifies the observer of an operation that was never committed. */
  public void uncommitted(String by, String operation) {
    notifyObserver(operation, () -> runtime.witness().uncommitted(by, operation));
  }

  /** Returns what notifies the observer of the end of what begins now. */
  private static Runnable observedEnd(MeshAction action, Supplier<Runnable> beginning) {
    Runnable onEnd;
    try {
      onEnd = beginning.get();
    } catch (RuntimeException e) {
      logObserverFailure(action, e);
      return () -> {};
    }
    return () -> notifyObserver(action, onEnd);
  }

  /** Ignores failures of the observer, so that they do not replace the outcome of the action. */
  private static void notifyObserver(Object action, Runnable notification) {
    try {
      notification.run();
    } catch (RuntimeException e) {
      logObserverFailure(action, e);
    }
  }

  private static void logObserverFailure(Object action, RuntimeException failure) {
    LOG.warn(
        "{}: the observer failed with {}, which was ignored", action, failure.getClass().getName());
  }

  /**
   * Requires that the mesh is open.
   *
   * @throws InvalidRequestException if it is closed; the message names the time
   */
  public void checkOpen(MeshAction action) {
    closedAt
        .get()
        .ifPresent(
            at -> {
              throw Failure.of(action)
                  .because("the mesh was closed at " + at)
                  .fix("Open it again, and close it after the last operation.")
                  .invalidRequest(ErrorCode.CLOSED);
            });
  }
}
