package io.meshwork.aws.internal.mirror;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Optional;

/**
 * An object of Lake Formation as the mesh wants it. Its content has the members of the requests of
 * Lake Formation, and is enough to make it and to remove it. Immutable.
 *
 * @param key its key, unique in an account; see {@link LakeFormationKeys}
 * @param stage the order in which objects are created
 * @param container the key of the object that has to exist before
 * @param content its members
 * @param nextDue when it changes without a change in the mesh; empty if it does not
 */
record LakeFormationObject(
    String key,
    Stage stage,
    Optional<String> container,
    ObjectNode content,
    Optional<Instant> nextDue) {
  /** The kinds of objects, in the order in which they are created; they are removed in reverse. */
  enum Stage {
    SETTINGS,
    LOCATION,
    CLOSED_DATABASE,
    CLOSED_TABLE,
    TAG,
    ASSIGNMENT,
    FILTER,
    OPENED_TABLE,
    SHARE,
    LINK_DATABASE,
    LINK_TABLE,
    GRANT,
    OPT_IN
  }

  /** An object that changes only with the mesh. */
  static LakeFormationObject of(
      String key, Stage stage, Optional<String> container, ObjectNode content) {
    return new LakeFormationObject(key, stage, container, content, Optional.empty());
  }
}
