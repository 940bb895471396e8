package io.meshwork.aws.internal.mirror;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.access.Permission;
import io.meshwork.aws.internal.mirror.LakeFormationObject.Stage;
import io.meshwork.aws.internal.mirror.glue.RequestJson;
import io.meshwork.internal.lakeformation.Grant;
import io.meshwork.internal.lakeformation.Resource;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.rights.PolicySnapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Folds grants into the entries of Lake Formation, which has one for each principal and resource.
 * The lists of columns of a principal on a table are one object. What another entry includes is
 * left out, because Lake Formation refuses a list of columns together with permissions on the whole
 * table. Not thread-safe.
 */
final class GrantEntries {
  static final String PRINCIPAL = "Principal";
  static final String RESOURCE = "Resource";
  static final String PERMISSIONS = "Permissions";
  static final String GRANTABLE = "PermissionsWithGrantOption";

  /** The columns of {@link LakeFormationJson#COLUMN_NAMES} that can be passed on. */
  static final String GRANTABLE_COLUMNS = "ColumnNamesWithGrantOption";

  private final Map<Entry, EntryPermissions> entries = new LinkedHashMap<>();
  private final Map<Lists, Columns> columns = new LinkedHashMap<>();

  private record Entry(String principal, Resource on) {}

  /** A principal and a table of which it may read some columns. */
  private record Lists(String principal, Resource.Table on) {}

  private static final class EntryPermissions {
    private final Set<Permission> permissions = EnumSet.noneOf(Permission.class);
    private final Set<Permission> grantable = EnumSet.noneOf(Permission.class);
    private Optional<Instant> nextDue = Optional.empty();
  }

  private static final class Columns {
    private final Set<String> all = new TreeSet<>();
    private final Set<String> grantable = new TreeSet<>();
    private Optional<Instant> nextDue = Optional.empty();
  }

  /** Returns true if an object has permissions of a whole account, or of its organization. */
  static boolean isToAccount(String content, String account) {
    String principal =
        DocumentJson.parseObject("an object of Lake Formation", content).path(PRINCIPAL).asText();
    return principal.equals(account) || principal.contains(":organizations:");
  }

  /**
   * Returns true if permissions on an object of an account allow more than to describe it.
   *
   * @param content the content of an object with permissions
   */
  static boolean givesAccess(JsonNode content, String account) {
    return isOn(content, account)
        && (content.has(LakeFormationJson.COLUMN_NAMES)
            || RequestJson.texts(content.path(PERMISSIONS)).stream()
                .anyMatch(permission -> !permission.equals(Permission.DESCRIBE.name())));
  }

  /** Returns true if permissions are on an object of an account. */
  static boolean isOn(JsonNode content, String account) {
    JsonNode on = content.path(RESOURCE).elements().next();
    String owner =
        on.has(LakeFormationJson.TABLE_CATALOG)
            ? on.path(LakeFormationJson.TABLE_CATALOG).asText()
            : on.path(LakeFormationJson.CATALOG).asText();
    return owner.equals(account);
  }

  /** Returns permissions as requests have them: a list of columns is a resource. */
  static JsonNode asEntry(JsonNode content) {
    if (!content.has(LakeFormationJson.COLUMN_NAMES)) {
      return content;
    }
    JsonNode table = content.path(RESOURCE);
    ObjectNode entry = RequestJson.object().put(PRINCIPAL, content.path(PRINCIPAL).asText());
    entry.set(
        RESOURCE,
        LakeFormationJson.columns(
            table.path(LakeFormationJson.TABLE).path(LakeFormationJson.CATALOG).asText(),
            LakeFormationJson.database(table).orElseThrow(),
            LakeFormationJson.table(table).orElseThrow(),
            RequestJson.texts(content.path(LakeFormationJson.COLUMN_NAMES))));
    entry.putArray(PERMISSIONS).add(Permission.SELECT.name());
    return entry;
  }

  /**
   * Adds a grant.
   *
   * @param principal the grantee as Lake Formation names it
   * @param on the resource as Lake Formation has it
   */
  void add(String principal, Resource on, Grant grant) {
    if (on instanceof Resource.Columns list) {
      add(principal, grant, list.in(), list.of(), list.names());
      return;
    }
    EntryPermissions held =
        entries.computeIfAbsent(new Entry(principal, on), absent -> new EntryPermissions());
    held.permissions.addAll(grant.permissions());
    held.grantable.addAll(grant.grantable());
    held.nextDue = earlier(held.nextDue, grant.until());
  }

  private void add(
      String principal, Grant grant, String database, String table, Collection<String> names) {
    Resource.Table on = new Resource.Table(grant.on().account(), database, table);
    Columns held = columns.computeIfAbsent(new Lists(principal, on), absent -> new Columns());
    held.all.addAll(names);
    if (!grant.grantable().isEmpty()) {
      held.grantable.addAll(names);
    }
    held.nextDue = earlier(held.nextDue, grant.until());
  }

  private static Optional<Instant> earlier(Optional<Instant> one, Optional<Instant> other) {
    return one.isEmpty() || (other.isPresent() && other.get().isBefore(one.get())) ? other : one;
  }

  /** Returns the objects, with the end of a grant that another one hides. */
  List<LakeFormationObject> objects() {
    columns.keySet().removeIf(this::isRedundant);
    List<LakeFormationObject> objects = new ArrayList<>();
    entries.forEach(
        (entry, held) -> {
          if (columns.containsKey(listsOf(entry))) {
            held.permissions.remove(Permission.DESCRIBE); // A list of columns implies it.
          }
          if (!held.permissions.isEmpty()) {
            objects.add(object(entry, held));
          }
        });
    columns.forEach((lists, held) -> objects.add(object(lists, held)));
    return objects;
  }

  private boolean isRedundant(Lists lists) {
    EntryPermissions whole = entries.get(new Entry(lists.principal(), lists.on()));
    Columns list = columns.get(lists);
    if (whole == null || !whole.permissions.contains(Permission.SELECT)) {
      return false;
    }
    if (list != null) {
      whole.nextDue = earlier(whole.nextDue, list.nextDue);
    }
    return true;
  }

  private static Lists listsOf(Entry entry) {
    return new Lists(
        entry.principal(),
        entry.on() instanceof Resource.Table table ? table : new Resource.Table("", "", ""));
  }

  private static LakeFormationObject object(Entry entry, EntryPermissions held) {
    ObjectNode resource = LakeFormationJson.of(entry.on());
    ObjectNode content = RequestJson.object().put(PRINCIPAL, entry.principal());
    content.set(RESOURCE, resource);
    content.set(PERMISSIONS, LakeFormationJson.permissions(held.permissions));
    held.grantable.retainAll(held.permissions);
    content.set(GRANTABLE, LakeFormationJson.permissions(held.grantable));
    return new LakeFormationObject(
        LakeFormationKeys.grant(entry.principal(), resource),
        Stage.GRANT,
        Optional.of(container(entry.on())),
        content,
        held.nextDue);
  }

  private static LakeFormationObject object(Lists lists, Columns held) {
    Resource.Table on = lists.on();
    return new LakeFormationObject(
        LakeFormationKeys.columns(lists.principal(), on.in(), on.name()),
        Stage.GRANT,
        Optional.of(container(on)),
        columns(lists.principal(), LakeFormationJson.of(on), held.all, held.grantable),
        held.nextDue);
  }

  /**
   * Returns the content of the object with the columns of a table that a principal may read.
   *
   * @param table the table as a resource
   */
  static ObjectNode columns(
      String principal, ObjectNode table, Collection<String> all, Collection<String> grantable) {
    ObjectNode content = RequestJson.object().put(PRINCIPAL, principal);
    content.set(RESOURCE, table);
    content.set(LakeFormationJson.COLUMN_NAMES, LakeFormationJson.names(all));
    content.set(GRANTABLE_COLUMNS, LakeFormationJson.names(grantable));
    return content;
  }

  /**
   * Returns the key of the entry that Lake Formation refuses together with another: the whole
   * table's with the columns', and the other way round; empty if there is none.
   *
   * @param content the content of the other
   */
  static Optional<String> excluded(JsonNode content) {
    JsonNode resource = content.path(RESOURCE);
    String principal = content.path(PRINCIPAL).asText();
    if (content.has(LakeFormationJson.COLUMN_NAMES)) {
      return Optional.of(LakeFormationKeys.grant(principal, resource));
    }
    JsonNode table = resource.path(LakeFormationJson.TABLE);
    return table.has(LakeFormationJson.NAME)
        ? Optional.of(
            LakeFormationKeys.columns(
                principal,
                table.path(LakeFormationJson.DATABASE_NAME).asText(),
                table.path(LakeFormationJson.NAME).asText()))
        : Optional.empty();
  }

  /** Returns the key of the object without which a grant is not made, and that stays as long. */
  private static String container(Resource on) {
    if (on instanceof Resource.TagPolicy policy) {
      String domain =
          policy.expression().values().getOrDefault(PolicySnapshot.DOMAIN, List.of("")).get(0);
      return LakeFormationKeys.tag(PolicySnapshot.DOMAIN, domain);
    }
    String database = on.database().orElseThrow();
    return on instanceof Resource.FilteredTable filtered
        ? LakeFormationKeys.filter(database, filtered.of(), filtered.filter())
        : LakeFormationKeys.closed(database, Optional.empty());
  }
}
