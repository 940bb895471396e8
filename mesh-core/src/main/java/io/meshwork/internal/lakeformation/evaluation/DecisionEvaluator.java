package io.meshwork.internal.lakeformation.evaluation;

import io.meshwork.access.Permission;
import io.meshwork.internal.lakeformation.AccessQuestion;
import io.meshwork.internal.lakeformation.CaseInsensitiveNames;
import io.meshwork.internal.lakeformation.Resource;
import io.meshwork.internal.lakeformation.evaluation.AccessDecision.Denial;
import io.meshwork.internal.lakeformation.evaluation.AccessDecision.DenialCode;
import io.meshwork.internal.lakeformation.evaluation.AccessDecision.ResolvedTarget;
import io.meshwork.internal.lakeformation.index.AccessIndex;
import io.meshwork.internal.lakeformation.index.DataScope;
import io.meshwork.internal.lakeformation.index.DatabaseNode;
import io.meshwork.internal.lakeformation.index.LinkNode;
import io.meshwork.internal.lakeformation.index.PrincipalIdentity;
import io.meshwork.internal.lakeformation.index.TableNode;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Answers one question: IAM first, then links, grants and implicit permissions, access to the
 * files, and columns.
 */
final class DecisionEvaluator {
  private final AccessIndex index;
  private final AccessQuestion question;
  private final Permission action;
  private final PrincipalIdentity identity;

  DecisionEvaluator(AccessIndex index, AccessQuestion question) {
    this.index = index;
    this.question = question;
    this.action = question.action();
    this.identity = index.identity(question.principal());
  }

  AccessDecision decide() {
    if (!identity.facts().glue()) {
      return denied(DenialCode.IAM_GLUE);
    }
    Resource on = question.on();
    if (on instanceof Resource.Database database) {
      return database(database);
    } else if (on instanceof Resource.Table table) {
      return table(table);
    } else if (on instanceof Resource.CatalogResource
        || on instanceof Resource.Location
        || on instanceof Resource.TagValues) {
      return decision(
          CatalogEvaluator.evaluate(contextFor(on.account()), on, action), TableScopes.EMPTY);
    }
    return denied(DenialCode.UNKNOWN_RESOURCE);
  }

  private EvaluationContext contextFor(String owner) {
    return new EvaluationContext(index, identity, owner, question.at());
  }

  private AccessDecision database(Resource.Database on) {
    LinkNode link = index.databaseLink(on.account(), on.name());
    if (link == null) {
      DatabaseNode database = index.database(on.account(), on.name());
      return database == null
          ? denied(DenialCode.UNKNOWN_RESOURCE)
          : decision(onDatabase(database), TableScopes.EMPTY);
    }
    if (action == Permission.DROP) {
      return dropLink(link);
    }
    EvaluationResult linkResult = onLink(link, Permission.DESCRIBE);
    if (!linkResult.allowed()) {
      return denied(DenialCode.LINK_DESCRIBE);
    }
    Resource target = link.link().target();
    DatabaseNode database = index.database(target.account(), target.database().orElse(""));
    if (database == null) {
      return denied(DenialCode.UNKNOWN_RESOURCE);
    }
    EvaluationResult result = onDatabase(database);
    if (result.allowed()) {
      result.join(linkResult);
      return decision(result, TableScopes.EMPTY, ResolvedTarget.TARGET);
    }
    return action == Permission.DESCRIBE
        ? decision(linkResult, TableScopes.EMPTY, ResolvedTarget.LINK)
        : decision(result, TableScopes.EMPTY);
  }

  private AccessDecision table(Resource.Table on) {
    LinkNode databaseLink = index.databaseLink(on.account(), on.in());
    if (databaseLink != null) {
      Resource target = databaseLink.link().target();
      return throughLink(
          databaseLink, target.account(), target.database().orElse(""), on.name(), false);
    }
    LinkNode link = index.tableLink(on.account(), on.in(), on.name());
    if (link != null) {
      if (action == Permission.DROP) {
        return dropLink(link);
      }
      Resource target = link.link().target();
      return throughLink(
          link,
          target.account(),
          target.database().orElse(""),
          target.table().orElse(""),
          action == Permission.DESCRIBE);
    }
    TableNode table = index.table(on.account(), on.in(), on.name());
    return table == null ? denied(DenialCode.UNKNOWN_RESOURCE) : onTable(table, null, null);
  }

  /** The decision on the table of the question, which was found already. */
  AccessDecision decideOn(TableNode table) {
    return identity.facts().glue() ? onTable(table, null, null) : denied(DenialCode.IAM_GLUE);
  }

  private AccessDecision throughLink(
      LinkNode link, String account, String database, String name, boolean mayEndAtLink) {
    EvaluationResult linkResult = onLink(link, Permission.DESCRIBE);
    if (!linkResult.allowed()) {
      return denied(DenialCode.LINK_DESCRIBE);
    } else if (index.tableLink(account, database, name) != null) {
      return denied(DenialCode.LINK_CHAIN);
    }
    TableNode table = index.table(account, database, name);
    if (table == null) {
      return denied(DenialCode.UNKNOWN_RESOURCE);
    } else if (!mayEndAtLink) {
      return onTable(table, linkResult, null);
    }
    AccessDecision target = onTable(table, linkResult, ResolvedTarget.TARGET);
    return target.allowed() ? target : decision(linkResult, TableScopes.EMPTY, ResolvedTarget.LINK);
  }

  private EvaluationResult onLink(LinkNode link, Permission wanted) {
    return LinkEvaluator.evaluate(index, question.principal(), link, wanted, question.at());
  }

  private AccessDecision dropLink(LinkNode link) {
    EvaluationResult result = onLink(link, Permission.DROP);
    return result.allowed()
        ? decision(result, TableScopes.EMPTY, ResolvedTarget.LINK)
        : decision(result, TableScopes.EMPTY);
  }

  private EvaluationResult onDatabase(DatabaseNode database) {
    EvaluationContext context = contextFor(database.account());
    EvaluationResult result = DatabaseEvaluator.evaluate(context, database, action);
    if (action != Permission.CREATE_TABLE || !result.allowed()) {
      return result;
    }
    Optional<EvaluationResult> atLocation =
        question.location().flatMap(at -> DataPath.creation(context, database, at));
    if (atLocation.filter(creation -> !creation.allowed()).isPresent()) {
      return EvaluationResult.denied(Set.of(Denial.of(DenialCode.DATA_LOCATION)));
    }
    atLocation.ifPresent(result::join);
    return result;
  }

  private AccessDecision onTable(
      TableNode table, @Nullable EvaluationResult linkResult, @Nullable ResolvedTarget resolved) {
    EvaluationContext context = contextFor(table.account());
    EvaluationResult result = TableEvaluator.evaluate(context, table, action);
    if (!result.allowed()) {
      return decision(result, TableScopes.EMPTY);
    }
    if (action == Permission.SELECT || action == Permission.INSERT || action == Permission.DELETE) {
      DenialCode missing = DataPath.missing(context, table);
      if (missing != null) {
        return denied(missing);
      }
    }
    if (linkResult != null) {
      result.join(linkResult);
    }
    if (action == Permission.SELECT || action == Permission.DESCRIBE) {
      return readColumns(table, result, resolved);
    }
    return decision(result, TableScopes.EMPTY);
  }

  private AccessDecision readColumns(
      TableNode table, EvaluationResult result, @Nullable ResolvedTarget resolved) {
    BitSet visible = new BitSet();
    result.scopes().forEach(scope -> visible.or(scope.columns()));
    Set<Denial> hidden = new TreeSet<>();
    BitSet requested = new BitSet();
    for (String column : question.columns()) {
      Integer position = table.position(column);
      if (position == null || !visible.get(position)) {
        hidden.add(Denial.ofColumn(CaseInsensitiveNames.of(column)));
      } else {
        requested.set(position);
      }
    }
    if (!hidden.isEmpty()) {
      return decision(EvaluationResult.denied(hidden), TableScopes.EMPTY);
    } else if (action == Permission.SELECT && visible.isEmpty()) {
      return denied(DenialCode.NO_COLUMN);
    }
    List<DataScope> scopes = action == Permission.SELECT ? result.scopes() : List.of();
    return decision(
        result,
        new TableScopes(table, question.columns().isEmpty() ? visible : requested, scopes),
        resolved);
  }

  private AccessDecision denied(DenialCode code) {
    return decision(EvaluationResult.denied(Set.of(Denial.of(code))), TableScopes.EMPTY);
  }

  private AccessDecision decision(EvaluationResult result, TableScopes scopes) {
    return decision(result, scopes, null);
  }

  private AccessDecision decision(
      EvaluationResult result, TableScopes scopes, @Nullable ResolvedTarget resolved) {
    boolean allowed = result.allowed();
    List<String> matched = allowed ? List.copyOf(result.matched()) : List.of();
    List<Denial> missing = allowed ? List.of() : result.missing();
    return new AccessDecision(
        allowed,
        matched,
        missing,
        scopes,
        Optional.ofNullable(resolved),
        () -> new ExplanationBuilder(index, question).of(result, missing),
        () -> allowed ? List.of() : new ExplanationBuilder(index, question).change(missing));
  }
}
