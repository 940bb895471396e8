package io.meshwork.aws.internal.mirror;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.aws.internal.mirror.glue.RequestJson;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.mirror.Mirror.Image;
import io.meshwork.internal.mirror.Mirror.ObjectChange;
import io.meshwork.internal.mirror.Mirror.ServiceObject;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.rights.PolicySnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds permissions that would apply to more than the mesh grants: permissions on an expression of
 * tags while a tag is not as the mesh has it, and permissions on a filter that could not be
 * changed. Stateless.
 */
final class GrantLimits {
  private static final String BY_TAGS =
      LakeFormationKeys.grantsOn(LakeFormationKeys.NONE) + LakeFormationKeys.NONE + "/";

  private static final List<String> LISTS =
      List.of(
          GrantEntries.PERMISSIONS,
          GrantEntries.GRANTABLE,
          LakeFormationJson.COLUMN_NAMES,
          GrantEntries.GRANTABLE_COLUMNS);

  private GrantLimits() {}

  /**
   * Returns true if a grant could give more while another object is not as wanted.
   *
   * @param other the change of the other object that was not made; empty if nothing is known of
   *     what the grant depends on
   */
  static boolean isLimited(Optional<ObjectChange> other, ObjectChange grant) {
    Image wanted = grant.wanted().orElse(null);
    if (wanted != null && isOpening(grant)) {
      return other.filter(each -> isOnTable(each.key(), grant.key())).isPresent();
    }
    if (wanted == null || !grant.key().startsWith(LakeFormationKeys.GRANT)) {
      return false;
    }
    boolean byTags = isByTags(grant.key());
    String on = other.map(ObjectChange::key).orElse("");
    if (!byTags && wanted.container().equals(Optional.of(on))) {
      return on.startsWith(LakeFormationKeys.FILTER) && givesMore(wanted, grant);
    }
    return byTags
        && (other.isEmpty() || on.startsWith(LakeFormationKeys.ASSIGNMENT))
        && givesMore(wanted, grant)
        && other.map(tag -> matchesMore(tag, parse(wanted.content()))).orElse(true);
  }

  /** True for the tag that opens a table again; see {@link NewColumns}. */
  private static boolean isOpening(ObjectChange change) {
    return change.key().startsWith(LakeFormationKeys.ASSIGNMENT)
        && change.key().endsWith("/" + LakeFormationKeys.NONE + "/" + PolicySnapshot.DOMAIN)
        && change.actual().map(ServiceObject::content).map(NewColumns::isClosed).orElse(true);
  }

  /** True for another tag of the same table or of its columns, and for a filter of the table. */
  private static boolean isOnTable(String key, String opening) {
    String table =
        opening.substring(
            LakeFormationKeys.ASSIGNMENT.length(),
            opening.length()
                - LakeFormationKeys.NONE.length()
                - PolicySnapshot.DOMAIN.length()
                - 1);
    return !key.equals(opening)
        && (key.startsWith(LakeFormationKeys.ASSIGNMENT + table)
            || key.startsWith(LakeFormationKeys.FILTER + table));
  }

  /** True if a change takes permissions away from roles, or from all principals of an account. */
  static boolean isNarrower(ObjectChange change) {
    if (change.wanted().isPresent()) {
      Image wanted = change.wanted().get();
      return change.actual().isPresent() && !givesMore(wanted, change);
    }
    return !change.contents().isEmpty()
        && change
            .actual()
            .map(object -> parse(object.content()).path(GrantEntries.PRINCIPAL).asText())
            .filter(to -> to.contains(":role/") || to.endsWith(":IAMPrincipals"))
            .isPresent();
  }

  /** True if a change ends or reduces what a principal has. */
  static boolean takesAway(ObjectChange change) {
    Optional<JsonNode> held = change.actual().map(ServiceObject::content).map(GrantLimits::parse);
    return held.isPresent()
        && change.wanted().map(wanted -> hasMore(held.get(), parse(wanted.content()))).orElse(true);
  }

  /** True if a change gives a principal what it does not have. */
  static boolean givesMore(ObjectChange change) {
    return change.wanted().filter(wanted -> givesMore(wanted, change)).isPresent();
  }

  /** True if a change can reduce what permissions of another account on an object rely on. */
  static boolean mayReduce(ObjectChange change, ObjectChange grant) {
    JsonNode reduced = resource(change);
    JsonNode granted = resource(grant);
    Optional<String> database = LakeFormationJson.database(reduced);
    Optional<String> table = LakeFormationJson.table(reduced);
    return database.isEmpty()
        || (database.equals(LakeFormationJson.database(granted))
            && (table.isEmpty() || table.equals(LakeFormationJson.table(granted))));
  }

  private static JsonNode resource(ObjectChange change) {
    return change
        .actual()
        .map(ServiceObject::content)
        .or(() -> change.wanted().map(Image::content))
        .map(content -> parse(content).path(GrantEntries.RESOURCE))
        .orElseGet(RequestJson::object);
  }

  private static boolean isByTags(String key) {
    return key.startsWith(BY_TAGS);
  }

  /** True if a tag that is missing or has another value lets an expression match more. */
  private static boolean matchesMore(ObjectChange tag, JsonNode grant) {
    Optional<JsonNode> wanted = tag.wanted().map(Image::content).map(GrantLimits::parse);
    Optional<JsonNode> actual = tag.actual().map(ServiceObject::content).map(GrantLimits::parse);
    JsonNode content = wanted.or(() -> actual).orElse(null);
    if (content == null) {
      return false;
    }
    String key = content.path(LakeFormationJson.TAG_KEY).asText();
    List<String> values = values(grant, key);
    String database = LakeFormationJson.database(content.path(GrantEntries.RESOURCE)).orElse("");
    return !values.isEmpty()
        && values(grant, PolicySnapshot.DOMAIN).stream()
            .map(NameGrammar::storage)
            .anyMatch(database::equals)
        && wanted.filter(json -> values.contains(valueOf(json))).isEmpty()
        // A tag that is missing has the value of what contains its object.
        && actual.map(json -> values.contains(valueOf(json))).orElse(true);
  }

  private static String valueOf(JsonNode tag) {
    return tag.path(LakeFormationImages.TAG_VALUE).asText();
  }

  /** Returns the values of a key in the expression of a grant; none if it does not have the key. */
  private static List<String> values(JsonNode grant, String key) {
    JsonNode expression =
        grant
            .path(GrantEntries.RESOURCE)
            .path(LakeFormationJson.POLICY)
            .path(LakeFormationJson.EXPRESSION);
    List<String> values = new ArrayList<>();
    for (JsonNode tag : expression) {
      if (tag.path(LakeFormationJson.TAG_KEY).asText().equalsIgnoreCase(key)) {
        values.addAll(RequestJson.texts(tag.path(LakeFormationJson.TAG_VALUES)));
      }
    }
    return values;
  }

  /** False if a change only takes permissions away. */
  private static boolean givesMore(Image wanted, ObjectChange grant) {
    Optional<JsonNode> held = grant.actual().map(ServiceObject::content).map(GrantLimits::parse);
    JsonNode all = parse(wanted.content());
    return held.isEmpty() || hasMore(all, held.get());
  }

  private static boolean hasMore(JsonNode some, JsonNode others) {
    return LISTS.stream().anyMatch(list -> hasMore(list, some, others));
  }

  private static boolean hasMore(String member, JsonNode wanted, JsonNode held) {
    return !RequestJson.texts(held.path(member))
        .containsAll(RequestJson.texts(wanted.path(member)));
  }

  private static JsonNode parse(String content) {
    return DocumentJson.parseObject("an object of Lake Formation", content);
  }
}
