package io.meshwork.internal.mirror;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.error.Finding;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.registry.Registry.Key;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A service outside the mesh, in the account of one catalog, that shows what the registry of the
 * catalog has. An implementation computes objects, reads them, and knows the calls that change
 * them; the engine decides what is done, and records it. Used by one thread.
 *
 * <p>An object has a key, which is unique in the mirror: ASCII, at most 400 characters, such as
 * {@code commerce/orders_v1}. Its content is JSON with only what the mesh sets: what others add to
 * an object is not compared, and calls preserve it.
 */
public interface Mirror {
  /** Returns the name of the service, which is part of documents and never changes. */
  String name();

  /**
   * Returns the account whose service it is; empty if it is the account of the catalog. Default:
   * empty.
   */
  default Optional<String> account() {
    return Optional.empty();
  }

  /**
   * Computes all objects that the service should have, from the registry. Does not call the
   * service.
   *
   * @throws io.meshwork.error.BackendException if the registry cannot be read
   */
  WantedObjects wanted();

  /**
   * Reads the objects with these keys, and all others in the containers that the keys name, such as
   * all tables of a database.
   *
   * @return by key; without objects that do not exist
   * @throws io.meshwork.error.BackendException PERMISSION_MISSING if the service denies it; or if
   *     it does not answer
   */
  Map<String, ServiceObject> actual(Set<String> keys);

  /**
   * Returns the objects that belong to one product, if the mirror shows it alone: only these and
   * the wanted ones are compared, and only these are removed. Default: empty, it shows all. Called
   * after {@link #wanted}.
   *
   * @throws io.meshwork.error.BackendException if the registry cannot be read
   */
  default Optional<ProductObjects> ofProduct() {
    return Optional.empty();
  }

  /**
   * Returns true if a mirror of one product may make a change although objects of other products,
   * which may have to change before it, are not compared. Default: true.
   */
  default boolean isIndependent(ObjectChange change) {
    return true;
  }

  /**
   * Returns false if {@link #actual} cannot see an object, such as because the role lost a
   * permission that another object of the mirror gives it. Then what the mesh recorded counts as
   * there. Called after {@link #actual}. Default: true.
   */
  default boolean sees(String key) {
    return true;
  }

  /**
   * Reads one object again, after a call found that it changed.
   *
   * @throws io.meshwork.error.BackendException as {@link #actual}
   */
  Optional<ServiceObject> read(String key);

  /** Reads objects one by one, for {@link #actual} of few; without objects that do not exist. */
  default Map<String, ServiceObject> readEach(Set<String> keys) {
    Map<String, ServiceObject> objects = new TreeMap<>();
    keys.forEach(key -> read(key).ifPresent(object -> objects.put(key, object)));
    return objects;
  }

  /**
   * Returns the calls that make a change, in order. Does not call the service. Also called if the
   * service cannot be reached, for the commands. A removal without calls leaves the object to
   * others: the mesh only forgets it. An object that does not exist and has no calls is not
   * created.
   */
  List<ServiceCall> calls(ObjectChange change);

  /**
   * Returns the key of an object that the service refuses next to another, such as permissions on a
   * whole table next to permissions on its columns. If the mesh no longer wants it, it is removed
   * right before the other is created. Default: empty.
   */
  default Optional<String> excluded(Image image) {
    return Optional.empty();
  }

  /**
   * Returns the key of the object of an earlier mirror of the catalog that an object is about, such
   * as of the table that permissions are on. If others created that one, this is not created or
   * changed. Default: empty.
   *
   * @param earlier the name of the earlier mirror
   */
  default Optional<String> subject(String earlier, Image image) {
    return Optional.empty();
  }

  /**
   * Returns the keys of objects that are read again after an earlier mirror of the catalog created
   * something, because that may have changed them, such as an accepted share that has a new
   * invitation. Called after {@link #wanted}. Default: none.
   *
   * @param earlier the name of the earlier mirror
   */
  default Set<String> keysAfter(String earlier) {
    return Set.of();
  }

  /**
   * Returns true if what this mirror created may depend on an object that an earlier mirror of the
   * catalog is about to remove or reduce, so that it could not be removed afterwards. While this
   * mirror does not answer, or fails to remove something, the object stays. Default: false.
   *
   * @param earlier the name of the mirror that changes the object
   * @param change what the earlier mirror is about to make
   */
  default boolean dependsOn(String earlier, ObjectChange change) {
    return false;
  }

  /**
   * Returns the part of a change to make before the change of an earlier mirror of the catalog,
   * because it could not be made afterwards: without the grant option, an account cannot revoke
   * what it passed on. That is the change itself, or a removal, after which the object is compared
   * again. Default: empty.
   *
   * @param earlier the name of the earlier mirror
   * @param other what the earlier mirror is about to make
   */
  default Optional<ObjectChange> madeBefore(
      String earlier, ObjectChange other, ObjectChange change) {
    return Optional.empty();
  }

  /**
   * Returns true if a change could give readers more than the mesh does while another object is not
   * as wanted, such as permissions on an expression of tags while a tag is missing. Then the change
   * is not made, and what is to be removed is removed before. Default: false.
   *
   * <p>A change of a later mirror is made before the changes of all mirrors if a change of an
   * earlier one is limited by it, such as a permission that is revoked before a table gets a
   * column.
   *
   * @param at the name of the mirror of the catalog with the other object, which may be this one
   * @param other the change of the other object that was not made; empty if it is not known what
   *     that mirror lacks
   */
  default boolean isLimitedBy(String at, Optional<ObjectChange> other, ObjectChange change) {
    return false;
  }

  /**
   * Returns why a change is never made, not even by a repair, such as that another program writes
   * the table; empty if it can be made. Called before each change of an object that exists.
   */
  default Optional<Finding> objection(ObjectChange change) {
    return Optional.empty();
  }

  /**
   * Returns true if an object that others created can become the mesh's: its calls change it to
   * what is wanted, and preserve what is not part of its content. Default: false.
   */
  default boolean isAdoptable(String key) {
    return false;
  }

  /**
   * Returns the properties of contents, such as {@code Parameters.metadata_location}, that follow
   * the mesh, so that an object of others that has an earlier value is not different. Default:
   * none.
   */
  default Set<String> movingProperties() {
    return Set.of();
  }

  /**
   * Returns the objects that calls of an earlier mirror of the catalog change besides its own, in
   * their later state. So this mirror has to change them back. Called after {@link #actual}.
   * Default: none.
   *
   * @param earlier the name of the earlier mirror
   * @param change what the earlier mirror is about to make
   * @param actual the objects of this mirror before, by key
   */
  default Map<String, ServiceObject> changedBy(
      String earlier, ObjectChange change, Map<String, ServiceObject> actual) {
    return Map.of();
  }

  /**
   * Returns the command that removes an object of others by which they give access that the mesh
   * does not give, such as permissions on a table; empty if it gives none. Default: empty.
   */
  default Optional<String> closing(String key, ServiceObject object) {
    return Optional.empty();
  }

  /**
   * Returns what a person has to know of the service besides its objects, such as an offer of
   * another account that was rejected. Called after {@link #actual}. Default: none.
   */
  default List<Finding> remarks() {
    return List.of();
  }

  /**
   * Uses the service as its readers do, and returns what they do not get. Called by a verification
   * if nothing is to be changed, after {@link #wanted} and {@link #actual}. A reader that cannot be
   * tried, also because the time is over, is a finding. Default: none.
   *
   * @param deadline when to stop
   * @throws io.meshwork.error.BackendException INTERRUPTED if the thread is interrupted
   */
  default List<Finding> probe(Deadline deadline) {
    return List.of();
  }

  /**
   * Returns true if the service decides who may read, so that what others created or changed there
   * is recorded for explanations. Default: false.
   */
  default boolean holdsRights() {
    return false;
  }

  /**
   * Returns true if an object has a content that an interrupted change left, after some of its
   * calls. Mirrors whose changes are one call need not implement it. Default: false.
   *
   * @param before the content before the change; empty if the object did not exist
   * @param after the content after the change; empty if it was to be removed
   * @param actual the content that the service has now
   */
  default boolean isPartial(Optional<String> before, Optional<String> after, String actual) {
    return false;
  }

  /**
   * Returns true if an object has a content that only the mesh sets, between two changes. Default:
   * false.
   *
   * @param content the content that the service has now
   */
  default boolean isInterim(String key, String content) {
    return false;
  }

  /**
   * What the service should have. Immutable.
   *
   * @param images the objects
   * @param refusals objects that cannot be shown, or are not known at the moment
   */
  record WantedObjects(List<Image> images, List<Refusal> refusals) {
    public WantedObjects {
      images = List.copyOf(images);
      refusals = List.copyOf(refusals);
    }
  }

  /**
   * The objects of one product, whether they are wanted or not. Immutable.
   *
   * @param keys their keys
   * @param prefixes what the keys of others begin with
   */
  record ProductObjects(Set<String> keys, Set<String> prefixes) {
    public ProductObjects {
      keys = Set.copyOf(keys);
      prefixes = Set.copyOf(prefixes);
    }

    /** Returns true for the key of one of them. */
    public boolean has(String key) {
      return keys.contains(key) || prefixes.stream().anyMatch(key::startsWith);
    }
  }

  /**
   * An object as the service should have it. Immutable.
   *
   * @param key its key
   * @param stage objects are created by ascending stages, and removed by descending ones
   * @param container the key of the image that has to exist before, such as of a database; empty if
   *     none has to
   * @param content its content, as {@link #contentOf} returns it
   * @param basis what it was computed from, such as the versions of documents; for a fingerprint
   * @param since the time of the newest change in the mesh that it shows; empty if that is not
   *     known. It is overdue if the service does not have it an hour later
   * @param nextDue when it changes without a change in the mesh, such as at the end of a grant;
   *     empty if it does not
   * @param hold the files that the object needs; empty if it needs none
   */
  record Image(
      String key,
      int stage,
      Optional<String> container,
      String content,
      String basis,
      Optional<Instant> since,
      Optional<Instant> nextDue,
      Optional<FileHold> hold) {
    /** Returns an image that depends on documents only, and needs no files. */
    public static Image of(
        String key, int stage, Optional<String> container, String content, String basis) {
      return new Image(
          key,
          stage,
          container,
          content,
          basis,
          Optional.empty(),
          Optional.empty(),
          Optional.empty());
    }
  }

  /**
   * Files that maintenance retains while an object of a service names them. Immutable.
   *
   * @param pointer the key of the table's pointer
   * @param metadata the location of the metadata file
   * @param snapshot the ID of the snapshot that is current in the metadata file; empty if there is
   *     none
   */
  record FileHold(@JsonUnwrapped Key pointer, String metadata, Optional<String> snapshot) {}

  /**
   * An object that is left unchanged, with a reason. Immutable.
   *
   * @param key its key
   * @param container true if the object is only not removed, and neither is anything in the
   *     container with this key or in containers whose keys begin with it and a slash, because its
   *     objects could not be computed
   * @param finding the reason
   */
  record Refusal(String key, boolean container, Finding finding) {
    /** Returns an object that is left unchanged. */
    public static Refusal ofObject(String key, Finding finding) {
      return new Refusal(key, false, finding);
    }

    /** Returns a container of which nothing is removed. */
    public static Refusal ofContainer(String key, Finding finding) {
      return new Refusal(key, true, finding);
    }
  }

  /**
   * An object as a service has it. Immutable.
   *
   * @param container the key of the object that contains it, such as a database; empty if none does
   * @param content its content, as {@link #contentOf} returns it
   * @param version the version that a change expects; empty if the service has none
   */
  record ServiceObject(Optional<String> container, String content, String version) {}

  /**
   * A change of one object. Immutable.
   *
   * @param key the key of the object
   * @param wanted what it should be; empty to remove it
   * @param contents the contents that the mesh applied, or was about to apply; empty if it never
   *     wrote the object
   * @param actual what the service has; empty if the object does not exist there, or if that is not
   *     known because the service cannot be reached
   */
  record ObjectChange(
      String key, Optional<Image> wanted, Set<String> contents, Optional<ServiceObject> actual) {
    public ObjectChange {
      contents = Set.copyOf(contents);
    }
  }

  /**
   * A call of the service. Immutable.
   *
   * @param command the command with the same effect, such as of the AWS CLI, which a person can run
   *     unchanged
   * @param send sends it. Throws a {@code ConflictException} if the object changed since it was
   *     read; a {@code BackendException} PERMISSION_MISSING if the service denies it; and any other
   *     {@code MeshException} if it failed
   * @param entry the same call as a part of a request with several; empty if the service has none
   */
  record ServiceCall(String command, Runnable send, Optional<BatchEntry> entry) {
    /** Returns a call that is sent alone. */
    public ServiceCall(String command, Runnable send) {
      this(command, send, Optional.empty());
    }
  }

  /**
   * A part of a request with several. Immutable.
   *
   * @param batch the request
   * @param content what the part changes
   */
  record BatchEntry(CallBatch batch, JsonNode content) {}

  /**
   * A request of the service that makes several changes, each of which succeeds or fails. Requests
   * of the same kind are equal. Immutable.
   */
  interface CallBatch {
    /** Returns how many entries a request has at most. */
    int maxEntries();

    /**
     * Sends a request.
     *
     * @return for each entry, in order, why it failed; empty if it did not
     * @throws io.meshwork.error.MeshException as {@link ServiceCall#send}, if all failed
     */
    List<Optional<RuntimeException>> send(List<JsonNode> entries);
  }

  /** Returns the text by which contents are compared: without white space, fields by name. */
  static String contentOf(JsonNode json) {
    return DocumentJson.canonical(json);
  }
}
