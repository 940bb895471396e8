package io.meshwork.internal.lakeformation.index;

import static io.meshwork.access.Permission.ALL;
import static io.meshwork.access.Permission.ALTER;
import static io.meshwork.access.Permission.ASSOCIATE;
import static io.meshwork.access.Permission.CREATE_CATALOG;
import static io.meshwork.access.Permission.CREATE_DATABASE;
import static io.meshwork.access.Permission.CREATE_LF_TAG;
import static io.meshwork.access.Permission.CREATE_LF_TAG_EXPRESSION;
import static io.meshwork.access.Permission.CREATE_TABLE;
import static io.meshwork.access.Permission.DATA_LOCATION_ACCESS;
import static io.meshwork.access.Permission.DELETE;
import static io.meshwork.access.Permission.DESCRIBE;
import static io.meshwork.access.Permission.DROP;
import static io.meshwork.access.Permission.GRANT_WITH_LF_TAG_EXPRESSION;
import static io.meshwork.access.Permission.INSERT;
import static io.meshwork.access.Permission.SELECT;

import io.meshwork.access.Permission;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.lakeformation.CaseInsensitiveNames;
import io.meshwork.internal.lakeformation.Grant;
import io.meshwork.internal.lakeformation.Resource;
import io.meshwork.internal.lakeformation.TagExpression;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks the structure of a grant, independent of the actor. */
public final class GrantStructure {
  /** The most bytes of an unnamed expression. */
  private static final int MAX_EXPRESSION_BYTES = 900;

  private static final Set<Permission> ON_CATALOG =
      EnumSet.of(CREATE_DATABASE, CREATE_LF_TAG, CREATE_LF_TAG_EXPRESSION, CREATE_CATALOG);
  private static final Set<Permission> ON_DATABASE =
      EnumSet.of(ALL, ALTER, CREATE_TABLE, DESCRIBE, DROP);
  private static final Set<Permission> ON_TABLE =
      EnumSet.of(ALL, ALTER, DELETE, DESCRIBE, DROP, INSERT, SELECT);
  private static final Set<Permission> ON_COLUMNS = EnumSet.of(SELECT);
  private static final Set<Permission> ON_FILTER = EnumSet.of(SELECT, DESCRIBE, DROP);
  private static final Set<Permission> ON_LOCATION = EnumSet.of(DATA_LOCATION_ACCESS);
  private static final Set<Permission> ON_TAG =
      EnumSet.of(ALTER, DROP, ASSOCIATE, DESCRIBE, GRANT_WITH_LF_TAG_EXPRESSION);
  private static final Set<Permission> ON_LINK = EnumSet.of(DESCRIBE, DROP);

  private GrantStructure() {}

  /** The code of the first rule that is broken; null if none is. */
  public static @Nullable FindingCode fault(AccessIndex index, Grant grant) {
    Resource on = grant.on();
    List<String> list = columns(on);
    if (grant.permissions().isEmpty()
        || !applicable(index, on, grant.permissions())
        || (list != null && list.isEmpty())) {
      return FindingCode.NOT_APPLICABLE;
    } else if (!grant.permissions().containsAll(grant.grantable())) {
      return FindingCode.GRANTABLE_NOT_SUBSET;
    } else if (!exists(index, on)) {
      return FindingCode.UNKNOWN_RESOURCE;
    } else if (on instanceof Resource.TagPolicy policy
        && policy.expression().bytes() > MAX_EXPRESSION_BYTES) {
      return FindingCode.EXPRESSION_TOO_LARGE;
    } else if (!tagsAreDefined(index, on)) {
      return FindingCode.TAG_UNDEFINED;
    }
    return list == null ? null : columnFault(index, grant, list);
  }

  /** The columns that a resource lists; null for other resources. */
  private static @Nullable List<String> columns(Resource on) {
    return on instanceof Resource.Columns columns
        ? columns.names()
        : on instanceof Resource.ColumnsExcept columns ? columns.names() : null;
  }

  private static boolean applicable(AccessIndex index, Resource on, Set<Permission> permissions) {
    return kind(on).containsAll(permissions)
        && (index.linkNamed(on) == null || ON_LINK.containsAll(permissions));
  }

  private static Set<Permission> kind(Resource on) {
    if (on instanceof Resource.CatalogResource) {
      return ON_CATALOG;
    } else if (on instanceof Resource.Database) {
      return ON_DATABASE;
    } else if (on instanceof Resource.Columns || on instanceof Resource.ColumnsExcept) {
      return ON_COLUMNS;
    } else if (on instanceof Resource.FilteredTable) {
      return ON_FILTER;
    } else if (on instanceof Resource.Location) {
      return ON_LOCATION;
    } else if (on instanceof Resource.TagValues) {
      return ON_TAG;
    }
    Resource.PolicyType type = policyType(on);
    return type == Resource.PolicyType.DATABASE ? ON_DATABASE : ON_TABLE;
  }

  /** The type of a tag policy; null for other resources. */
  public static Resource.@Nullable PolicyType policyType(Resource on) {
    return on instanceof Resource.TagPolicy policy
        ? policy.type()
        : on instanceof Resource.NamedPolicy policy ? policy.type() : null;
  }

  private static boolean exists(AccessIndex index, Resource on) {
    if (on instanceof Resource.NamedPolicy) {
      return index.grants().expression(on) != null;
    } else if (on.database().isEmpty()) {
      return true;
    } else if (index.linkNamed(on) != null) {
      return on instanceof Resource.Database || on instanceof Resource.Table;
    }
    String database = on.database().get();
    if (on.table().isEmpty()) {
      return index.database(on.account(), database) != null;
    }
    TableNode table = index.table(on.account(), database, on.table().get());
    return table != null
        && (!(on instanceof Resource.FilteredTable filtered)
            || table.filter(filtered.filter()) != null);
  }

  private static boolean tagsAreDefined(AccessIndex index, Resource on) {
    if (on instanceof Resource.TagValues tag) {
      String key = CaseInsensitiveNames.of(tag.key());
      return index.defines(on.account(), key)
          && tag.values().stream()
              .allMatch(
                  value ->
                      value.equals("*")
                          || index.defines(on.account(), key, CaseInsensitiveNames.of(value)));
    }
    TagExpression expression = index.grants().expression(on);
    if (expression == null) {
      return true;
    }
    for (Map.Entry<String, List<String>> wanted : expression.values().entrySet()) {
      if (!index.defines(on.account(), wanted.getKey())) {
        return false;
      }
      for (String value : wanted.getValue()) {
        if (!index.defines(on.account(), wanted.getKey(), value)) {
          return false;
        }
      }
    }
    return true;
  }

  private static @Nullable FindingCode columnFault(
      AccessIndex index, Grant grant, List<String> list) {
    Resource on = grant.on();
    TableNode table =
        index.table(on.account(), on.database().orElseThrow(), on.table().orElseThrow());
    if (table == null) {
      return FindingCode.UNKNOWN_RESOURCE;
    }
    if (list.stream().anyMatch(column -> table.topLevel(column) == null)) {
      return FindingCode.UNKNOWN_COLUMN;
    }
    for (String column : list) {
      Integer position = table.topLevel(column);
      if (position != null && table.partitions().get(position)) {
        return FindingCode.PARTITION_COLUMN;
      }
    }
    return on instanceof Resource.ColumnsExcept && !grant.grantable().isEmpty()
        ? FindingCode.EXCLUDE_WITH_GRANT_OPTION
        : null;
  }
}
