package io.meshwork.internal.conformance.mirror;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.PrincipalCredentials;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.MirroredObject;
import io.meshwork.internal.mirror.ChangeQueue;
import io.meshwork.internal.mirror.Mirror;
import io.meshwork.internal.mirror.MirrorBackend;
import io.meshwork.internal.mirror.MirroredCatalog;
import io.meshwork.internal.mirror.MirroredCatalog.MirroredDomain;
import io.meshwork.internal.mirror.MirroredCatalog.MirroredTable;
import io.meshwork.internal.rights.RightsMirror;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.product.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A service in memory that a mesh shows objects in, and a backend with this one mirror. Contents
 * are JSON with one number. An object {@code d/t} is in the container {@code d}.
 */
final class InMemoryService implements MirrorBackend {
  static final String ACCOUNT = "222222222222";

  /** What the service has. */
  final Map<String, String> objects = new TreeMap<>();

  /** What the mesh wants, in the order in which it is made. */
  final Map<String, String> wanted = new TreeMap<>();

  /** What the mesh wants in a second service, which depends on the first. */
  final Map<String, String> wantedLater = new TreeMap<>();

  /** What the second service has. */
  final Map<String, String> objectsLater = new TreeMap<>();

  /** What the first service reports besides its objects. */
  final List<Finding> remarks = new ArrayList<>();

  /** What its readers do not get. */
  final List<Finding> unreadable = new ArrayList<>();

  final Map<String, Instant> nextDue = new TreeMap<>();
  final List<Mirror.Refusal> refusals = new ArrayList<>();

  /** Keys whose content is never overwritten. */
  final Set<String> protectedKeys = new HashSet<>();

  /** Keys of objects that are never removed, because others may rely on them. */
  final Set<String> neverRemoved = new HashSet<>();

  /** The key of an object that the service refuses beside another, by the key of the other. */
  final Map<String, String> excluded = new TreeMap<>();

  /** The key of the object without which the service shows only this object; null to show all. */
  @Nullable String shownBy;

  /** What waits in the queue of changes. */
  final List<ChangeQueue.Change> queued = new ArrayList<>();

  /** What was received from it and not removed. */
  final List<ChangeQueue.Change> hidden = new ArrayList<>();

  /** Runs before each request to the queue, with its verb. */
  Consumer<String> beforeQueue = verb -> {};

  /** What each run mirrored: all, or a product. */
  final List<String> runs = new ArrayList<>();

  /** Calls that changed something, or tried to. */
  final List<String> calls = new ArrayList<>();

  /** How many objects a request makes or removes at most. */
  int batchSize = 1;

  /** Why requests for several objects fail; null if they do not. */
  @Nullable RuntimeException failBatch;

  /** Keys of objects that a run for one product may not change. */
  final Set<String> dependent = new HashSet<>();

  /** Keys of objects of one product, which a run for it may remove. */
  final Set<String> ofProduct = new HashSet<>();

  boolean runnerIsRefused;

  /** True if the service is in the account of the process. */
  boolean isOwn;

  /** True to show the tables of the mesh as Glue does, instead of {@link #wanted}. */
  boolean showsTables;

  boolean readIsDenied;

  /** Why the second service cannot be read; null if it can. */
  @Nullable RuntimeException laterFails;

  /** Runs before the objects of a service are read, after the mesh was. */
  Runnable beforeRead = () -> {};

  /** Runs before each call that changes something, with its text. */
  Consumer<String> beforeCall = call -> {};

  /** Runs after each call that changed something. */
  Consumer<String> afterCall = call -> {};

  private final Map<String, Integer> versions = new TreeMap<>();

  /** Returns the content with a number. */
  static String content(int number) {
    return "{\"number\":" + number + "}";
  }

  void want(String key, int number) {
    wanted.put(key, content(number));
  }

  /** Changes an object as another program does; a null number removes it. */
  void put(String key, Integer number) {
    if (number == null) {
      objects.remove(key);
    } else {
      objects.put(key, content(number));
    }
    versions.merge(key, 1, Integer::sum);
  }

  /** Lets the messages come again that were received and not removed, as a queue does later. */
  void showHidden() {
    queued.addAll(hidden);
    hidden.clear();
  }

  /** Returns what the service has, without the calls. */
  Map<String, String> snapshot() {
    return new TreeMap<>(objects);
  }

  PrincipalCredentials credentials(GuardedStore store) {
    return new Credentials(store, this);
  }

  /** The credentials of a mesh with this backend. */
  private static final class Credentials implements PrincipalCredentials, MirrorBackend {
    private final PrincipalCredentials store;
    private final InMemoryService service;

    Credentials(GuardedStore store, InMemoryService service) {
      this.store = store.credentials(Principal.of(GuardedStore.GOVERNANCE, "job"));
      this.service = service;
    }

    @Override
    public Principal self() {
      return store.self();
    }

    @Override
    public boolean isGovernance() {
      return true;
    }

    @Override
    public Ports as(Principal principal) {
      if (service.runnerIsRefused && principal.account().equals(ACCOUNT)) {
        throw Failure.of(MeshAction.of(Verb.ACT, principal))
            .because("the role does not exist")
            .accessDenied(ErrorCode.NOT_THIS_PRINCIPAL, "the role", List.of());
      }
      return store.as(
          principal.account().equals(ACCOUNT)
              ? Principal.of(GuardedStore.GOVERNANCE, "mirror")
              : principal);
    }

    @Override
    public String account(String catalog) {
      return service.account(catalog);
    }

    @Override
    public List<Mirror> mirrors(MirroredCatalog catalog) {
      return service.mirrors(catalog);
    }

    @Override
    public ChangeQueue changes() {
      return service.changes();
    }

    @Override
    public Optional<RightsMirror> rights() {
      return Optional.empty();
    }

    @Override
    public void close() {}
  }

  @Override
  public String account(String catalog) {
    return isOwn ? GuardedStore.GOVERNANCE : ACCOUNT;
  }

  @Override
  public ChangeQueue changes() {
    return new ChangeQueue() {
      @Override
      public List<Change> receive(Duration wait) {
        beforeQueue.accept("receive");
        List<Change> some = List.copyOf(queued.subList(0, Math.min(2, queued.size())));
        queued.removeAll(some);
        hidden.addAll(some);
        return some;
      }

      @Override
      public Change change(String receipt, String body) {
        String[] words = body.split(" ");
        return new Change(receipt, MeshEvent.Type.of(words[0]), words[1]);
      }

      @Override
      public void remove(List<Change> changes) {
        beforeQueue.accept("remove");
        hidden.removeAll(changes);
      }
    };
  }

  @Override
  public Optional<RightsMirror> rights() {
    return Optional.empty();
  }

  @Override
  public List<Mirror> mirrors(MirroredCatalog catalog) {
    String shown = catalog.isOfRows() ? "rows of a product" : "a product";
    runs.add(catalog.product().isPresent() ? shown : "all");
    List<Mirror> mirrors = new ArrayList<>();
    mirrors.add(
        new ServiceMirror(catalog, showsTables ? MirroredObject.GLUE : "memory", objects, wanted));
    if (!wantedLater.isEmpty() || !objectsLater.isEmpty()) {
      mirrors.add(new ServiceMirror(catalog, "later", objectsLater, wantedLater));
    }
    return mirrors;
  }

  private static Optional<String> container(String key) {
    int slash = key.indexOf('/');
    return slash < 0 ? Optional.empty() : Optional.of(key.substring(0, slash));
  }

  /** A request for several changes with the same verb. */
  private record Batch(String verb, ServiceMirror mirror) implements Mirror.CallBatch {
    @Override
    public int maxEntries() {
      return mirror.batchSize();
    }

    @Override
    public List<Optional<RuntimeException>> send(List<JsonNode> entries) {
      return mirror.send(entries);
    }
  }

  private final class ServiceMirror implements Mirror {
    private final Map<String, ObjectChange> batched = new HashMap<>();
    private boolean showsAll = true;
    private final MirroredCatalog catalog;
    private final String name;
    private final Map<String, String> objects;
    private final Map<String, String> wanted;

    ServiceMirror(
        MirroredCatalog catalog,
        String name,
        Map<String, String> objects,
        Map<String, String> wanted) {
      this.catalog = catalog;
      this.name = name;
      this.objects = objects;
      this.wanted = wanted;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public Optional<ProductObjects> ofProduct() {
      return catalog.product().map(product -> new ProductObjects(ofProduct, Set.of()));
    }

    @Override
    public boolean isIndependent(ObjectChange change) {
      return !dependent.contains(change.key());
    }

    private int batchSize() {
      return batchSize;
    }

    private boolean isFirst() {
      return objects != objectsLater;
    }

    @Override
    public Optional<String> excluded(Image image) {
      return Optional.ofNullable(excluded.get(image.key()));
    }

    @Override
    public List<Finding> remarks() {
      return isFirst() ? remarks : List.of();
    }

    @Override
    public List<Finding> probe(Deadline deadline) {
      return isFirst() ? unreadable : List.of();
    }

    private WantedObjects tables() {
      List<Image> images = new ArrayList<>();
      for (MirroredDomain domain : catalog.domains()) {
        images.add(Image.of(domain.database(), 1, Optional.empty(), "{}", ""));
        for (MirroredTable table : domain.tables()) {
          String metadata = table.position().metadata();
          images.add(
              new Image(
                  domain.database() + "/" + table.name().table(),
                  2,
                  Optional.of(domain.database()),
                  "{\"metadata\":\"" + metadata + "\"}",
                  metadata,
                  Optional.empty(),
                  Optional.empty(),
                  Optional.of(
                      new FileHold(table.name().key(), metadata, table.position().snapshot()))));
        }
      }
      return new WantedObjects(images, List.of());
    }

    @Override
    public WantedObjects wanted() {
      if (name.equals(MirroredObject.GLUE)) {
        return tables();
      }
      List<Image> images = new ArrayList<>();
      wanted.forEach(
          (key, content) ->
              images.add(
                  new Image(
                      key,
                      container(key).isPresent() ? 2 : 1,
                      container(key),
                      content,
                      content,
                      Optional.empty(),
                      Optional.ofNullable(nextDue.get(key)),
                      Optional.empty())));
      return new WantedObjects(images, isFirst() ? refusals : List.of());
    }

    @Override
    public Map<String, ServiceObject> actual(Set<String> keys) {
      beforeRead.run();
      if (readIsDenied && isFirst()) {
        throw denied("read all");
      }
      if (laterFails != null && !isFirst()) {
        throw laterFails;
      }
      showsAll = shownBy == null || objects.containsKey(shownBy);
      Map<String, ServiceObject> found = new TreeMap<>();
      objects.keySet().stream().filter(this::sees).forEach(key -> found.put(key, object(key)));
      return found;
    }

    @Override
    public boolean sees(String key) {
      return showsAll || key.equals(shownBy);
    }

    @Override
    public Optional<String> subject(String earlier, Image image) {
      return isFirst() ? Optional.empty() : Optional.of(image.key());
    }

    @Override
    public Set<String> keysAfter(String earlier) {
      return isFirst() ? Set.of() : Set.of("invitation");
    }

    @Override
    public boolean dependsOn(String earlier, ObjectChange change) {
      return !isFirst() && change.wanted().isEmpty();
    }

    @Override
    public boolean holdsRights() {
      return shownBy != null;
    }

    @Override
    public Optional<ServiceObject> read(String key) {
      return objects.containsKey(key) ? Optional.of(object(key)) : Optional.empty();
    }

    private ServiceObject object(String key) {
      return new ServiceObject(container(key), objects.get(key), version(key));
    }

    private String version(String key) {
      return Integer.toString(versions.getOrDefault(key, 0));
    }

    @Override
    public Optional<Finding> objection(ObjectChange change) {
      return protectedKeys.contains(change.key())
          ? Optional.of(
              Finding.error(FindingCode.DRIFT_FOREIGN_WRITE, change.key(), "Others write it.", ""))
          : Optional.empty();
    }

    @Override
    public List<ServiceCall> calls(ObjectChange change) {
      String verb =
          change.wanted().isEmpty() ? "delete" : change.actual().isEmpty() ? "create" : "update";
      if (verb.equals("delete") && neverRemoved.contains(change.key())) {
        return List.of();
      }
      String command = verb + " " + change.key();
      ServiceCall call = new ServiceCall(command, () -> send(command, change));
      if (batchSize == 1 || verb.equals("update")) {
        return List.of(call);
      }
      JsonNode entry = DocumentJson.create().put("command", command);
      batched.put(command, change);
      return List.of(
          new ServiceCall(
              command, call.send(), Optional.of(new BatchEntry(new Batch(verb, this), entry))));
    }

    private List<Optional<RuntimeException>> send(List<JsonNode> entries) {
      calls.add("batch of " + entries.size());
      if (failBatch != null) {
        throw failBatch;
      }
      List<Optional<RuntimeException>> outcomes = new ArrayList<>();
      for (JsonNode entry : entries) {
        String command = entry.path("command").asText();
        try {
          send(command, Objects.requireNonNull(batched.get(command)));
          outcomes.add(Optional.empty());
        } catch (RuntimeException e) {
          outcomes.add(Optional.of(e));
        }
      }
      return outcomes;
    }

    private void send(String command, ObjectChange change) {
      calls.add(command);
      beforeCall.accept(command);
      String key = change.key();
      boolean asRead =
          objects.containsKey(key) == change.actual().isPresent()
              && change
                  .actual()
                  .map(ServiceObject::version)
                  .orElse(version(key))
                  .equals(version(key));
      if (!asRead) {
        throw Failure.of(MeshAction.of(Verb.CHANGE, key))
            .because("it is not as it was read")
            .conflict(ErrorCode.CONFLICT);
      }
      if (change.wanted().isPresent()) {
        objects.put(key, change.wanted().get().content());
      } else {
        objects.remove(key);
      }
      versions.merge(key, 1, Integer::sum);
      afterCall.accept(command);
    }
  }

  static RuntimeException denied(String action) {
    return Failure.of(MeshAction.of(Verb.USE, action))
        .because("the role lacks the permission")
        .lasting(ErrorCode.PERMISSION_MISSING);
  }

  /** Returns a failure that the same request has each time. */
  static RuntimeException refused(String action) {
    return Failure.of(MeshAction.of(Verb.USE, action))
        .because("the service refuses its content")
        .lasting(ErrorCode.BACKEND_FAILED);
  }

  static RuntimeException unavailable(String action) {
    return Failure.of(MeshAction.of(Verb.USE, action))
        .because("the service does not answer")
        .passing(ErrorCode.BACKEND_FAILED);
  }
}
