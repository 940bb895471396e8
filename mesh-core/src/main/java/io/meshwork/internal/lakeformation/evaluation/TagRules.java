package io.meshwork.internal.lakeformation.evaluation;

import io.meshwork.access.Permission;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.lakeformation.CaseInsensitiveNames;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.lakeformation.Resource;
import io.meshwork.internal.lakeformation.index.AccessIndex;
import io.meshwork.internal.lakeformation.index.DatabaseNode;
import io.meshwork.internal.lakeformation.index.GrantEffect;
import io.meshwork.internal.lakeformation.index.IndexedGrant;
import io.meshwork.internal.lakeformation.index.TableNode;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks whether tags may be set on a database, a table or a column. */
final class TagRules {
  /** The most characters of a key and of a value. */
  private static final int MAX_CHARACTERS = 50;

  private static final Set<Permission> ON_TABLE =
      EnumSet.of(
          Permission.ALTER,
          Permission.DELETE,
          Permission.DESCRIBE,
          Permission.DROP,
          Permission.INSERT,
          Permission.SELECT);

  private final AccessIndex index;
  private final Resource on;
  private final EvaluationContext context;

  TagRules(AccessIndex index, Grantee actor, Resource on, Instant at) {
    this.index = index;
    this.on = on;
    this.context = new EvaluationContext(index, actor, on.account(), at);
  }

  Optional<FindingCode> evaluate(Map<String, List<String>> tags, Optional<String> tagAccount) {
    FindingCode fault = fault(tags, tagAccount.orElse(on.account()));
    return Optional.ofNullable(fault);
  }

  private @Nullable FindingCode fault(Map<String, List<String>> tags, String tagAccount) {
    if (index.linkNamed(on) != null) {
      return FindingCode.TAG_ON_LINK;
    } else if (!exists()) {
      return FindingCode.UNKNOWN_RESOURCE;
    } else if (!tagAccount.equals(on.account())) {
      return FindingCode.TAG_ACCOUNT;
    } else if (tags.values().stream().anyMatch(values -> values.size() != 1)) {
      return FindingCode.MULTIPLE_VALUES;
    } else if (tags.entrySet().stream()
        .anyMatch(tag -> isLong(tag.getKey()) || isLong(tag.getValue().get(0)))) {
      return FindingCode.TAG_LENGTH;
    } else if (tags.entrySet().stream().anyMatch(tag -> !isDefined(tag))) {
      return FindingCode.TAG_UNDEFINED;
    } else if (context.isAdminOf(on.account())) {
      return null;
    } else if (!tags.entrySet().stream().allMatch(this::mayAssociate)) {
      return FindingCode.ASSOCIATE_REQUIRED;
    }
    return hasRequiredPermissions() ? null : FindingCode.RESOURCE_PERMISSION_REQUIRED;
  }

  private @Nullable DatabaseNode database() {
    return on instanceof Resource.Database database
        ? index.database(database.account(), database.name())
        : null;
  }

  private @Nullable TableNode table() {
    return on.table().isEmpty()
        ? null
        : index.table(on.account(), on.database().orElseThrow(), on.table().get());
  }

  private boolean exists() {
    TableNode table = table();
    if (table != null && on instanceof Resource.Columns columns) {
      return columns.names().stream().allMatch(name -> table.position(name) != null);
    }
    return table != null || database() != null;
  }

  private static boolean isLong(String text) {
    return text.codePointCount(0, text.length()) > MAX_CHARACTERS;
  }

  private boolean isDefined(Map.Entry<String, List<String>> tag) {
    return index.defines(
        on.account(),
        CaseInsensitiveNames.of(tag.getKey()),
        CaseInsensitiveNames.of(tag.getValue().get(0)));
  }

  private boolean mayAssociate(Map.Entry<String, List<String>> tag) {
    Resource value = new Resource.TagValues(on.account(), tag.getKey(), tag.getValue());
    EvaluationContext.GrantSelector selector =
        CatalogEvaluator.selector(value, Permission.ASSOCIATE);
    return context.direct(selector).stream().anyMatch(context::isActive)
        || (context.accountLevel(selector).stream().anyMatch(context::isActive)
            && !context.local(selector).isEmpty());
  }

  private boolean hasRequiredPermissions() {
    DatabaseNode database = database();
    if (database != null) {
      return database.isCreator(context.principal()) || hasRequiredPermissions(database);
    }
    TableNode table = table();
    return table != null
        && (table.isCreator(context.principal())
            || context.isAdminOf(table.foreignCreatorAccount())
            || hasRequiredPermissions(table));
  }

  private boolean hasRequiredPermissions(DatabaseNode database) {
    Set<Permission> required =
        EnumSet.of(Permission.ALTER, Permission.CREATE_TABLE, Permission.DESCRIBE);
    if (!context.foreign()) {
      required.add(Permission.DROP);
    }
    EvaluationContext.GrantSelector selector = DatabaseEvaluator.any(database);
    return required.stream().allMatch(permission -> mayPassOn(permission, selector, null));
  }

  private boolean hasRequiredPermissions(TableNode table) {
    EvaluationContext.GrantSelector selector = TableEvaluator.any(table);
    return ON_TABLE.stream().allMatch(permission -> mayPassOn(permission, selector, table));
  }

  /**
   * True if the principal has a permission on the whole resource with grant option. The option that
   * its account gave it counts while the account has it.
   */
  private boolean mayPassOn(
      Permission permission, EvaluationContext.GrantSelector selector, @Nullable TableNode table) {
    for (IndexedGrant held : context.direct(selector)) {
      if (context.isActive(held) && has(held, held.grant().grantable(), permission, table)) {
        return true;
      }
    }
    return context.accountLevel(selector).stream()
            .anyMatch(
                held ->
                    context.isActive(held)
                        && has(held, held.grant().grantable(), permission, table))
        && context.local(selector).stream()
            .anyMatch(held -> has(held, held.grant().grantable(), permission, table));
  }

  private static boolean has(
      IndexedGrant held, Set<Permission> some, Permission permission, @Nullable TableNode table) {
    if (!some.contains(permission) && !some.contains(Permission.ALL)) {
      return false;
    } else if (table == null) {
      return true;
    }
    GrantEffect effect = GrantEffect.of(held, table, some);
    return effect != null && effect.whole() && effect.givesOutright(permission);
  }
}
