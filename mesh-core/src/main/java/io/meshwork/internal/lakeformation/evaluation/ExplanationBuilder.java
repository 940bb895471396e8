package io.meshwork.internal.lakeformation.evaluation;

import io.meshwork.internal.lakeformation.AccessEdit;
import io.meshwork.internal.lakeformation.AccessEdit.AddGrant;
import io.meshwork.internal.lakeformation.AccessEdit.AddOptIn;
import io.meshwork.internal.lakeformation.AccessEdit.SetShare;
import io.meshwork.internal.lakeformation.AccessQuestion;
import io.meshwork.internal.lakeformation.AccessState;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.lakeformation.Resource;
import io.meshwork.internal.lakeformation.TagExpression;
import io.meshwork.internal.lakeformation.evaluation.AccessDecision.Denial;
import io.meshwork.internal.lakeformation.evaluation.AccessDecision.DenialCode;
import io.meshwork.internal.lakeformation.evaluation.Explanation.MissingPermission;
import io.meshwork.internal.lakeformation.evaluation.Explanation.Reason;
import io.meshwork.internal.lakeformation.index.AccessIndex;
import io.meshwork.internal.lakeformation.index.IndexedGrant;
import io.meshwork.internal.lakeformation.index.RelevantState;
import io.meshwork.internal.lakeformation.index.ResolvedResource;
import io.meshwork.internal.lakeformation.index.TableNode;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Explains a decision: what allowed it, what is missing, who could provide it, and which edits
 * would change it.
 */
final class ExplanationBuilder {
  private static final int MAX_STEPS = 8;

  private final AccessIndex index;
  private final AccessQuestion question;

  ExplanationBuilder(AccessIndex index, AccessQuestion question) {
    this.index = index;
    this.question = question;
  }

  Explanation of(EvaluationResult result, List<Denial> missing) {
    if (result.allowed()) {
      return new Explanation(reasons(result), List.of(), List.of());
    }
    List<MissingPermission> what = new ArrayList<>();
    for (Denial denial : missing) {
      what.add(new MissingPermission(denial, whoCanGive(denial.code(), missing)));
    }
    return new Explanation(List.of(), what, change(missing));
  }

  private List<Reason> reasons(EvaluationResult result) {
    List<Reason> reasons = new ArrayList<>();
    for (String id : result.matched()) {
      if (id.startsWith("implicit:")) {
        reasons.add(new Reason(id, Optional.empty(), List.of(), List.of()));
      }
    }
    TableNode table = ResolvedResource.of(index, question.on()).table();
    result
        .grants()
        .forEach(
            (held, columns) ->
                reasons.add(
                    new Reason(
                        held.id(), Optional.of(held.grant()), tags(held), names(table, columns))));
    return reasons;
  }

  private static List<String> names(@Nullable TableNode table, BitSet columns) {
    return table == null ? List.of() : columns.stream().mapToObj(table.columns()::get).toList();
  }

  /** The source of each matched tag: the table, its columns, or the database. */
  private List<String> tags(IndexedGrant held) {
    TagExpression expression = held.expression();
    ResolvedResource resolved = ResolvedResource.of(index, question.on());
    if (expression == null || resolved.database() == null) {
      return List.of();
    }
    Set<String> missingTags = new TreeSet<>();
    for (Map.Entry<String, List<String>> required : expression.values().entrySet()) {
      String key = required.getKey();
      addMatch(resolved.database().tags(), key, required.getValue(), "database", missingTags);
      TableNode table = resolved.table();
      if (table != null) {
        if (!table.tags().getOrDefault(key, "").equals(resolved.database().tags().get(key))) {
          addMatch(table.tags(), key, required.getValue(), "table", missingTags);
        }
        for (int column = 0; column < table.columns().size(); column++) {
          if (!table.tags(column).getOrDefault(key, "").equals(table.tags().get(key))) {
            String where = "column " + table.columns().get(column);
            addMatch(table.tags(column), key, required.getValue(), where, missingTags);
          }
        }
      }
    }
    return List.copyOf(missingTags);
  }

  private static void addMatch(
      Map<String, String> tags,
      String key,
      List<String> required,
      String where,
      Set<String> missingTags) {
    String value = tags.get(key);
    if (value != null && required.contains(value)) {
      missingTags.add(key + "=" + value + " (" + where + ")");
    }
  }

  private List<String> whoCanGive(DenialCode code, List<Denial> missing) {
    Set<String> who = new TreeSet<>();
    Resource target = ResolvedResource.of(index, question.on()).target(question.on());
    String home = Grantee.accountOf(question.principal().id());
    for (AccessEdit edit : remedy(index, 0).step(code, missing)) {
      if (edit instanceof AddGrant add && !add.grant().id().endsWith("-share")) {
        who.addAll(GrantFeasibility.possibleGrantors(index, add.grant(), question.at()));
      } else if (edit instanceof SetShare) {
        who.addAll(index.account(home).admins());
      } else if (edit instanceof AddOptIn) {
        who.addAll(index.account(target.account()).admins());
      }
    }
    return List.copyOf(who);
  }

  private RemedyFinder remedy(AccessIndex in, int step) {
    return new RemedyFinder(in, question, "proposed-" + (step + 1));
  }

  /** Adds edits until nothing is missing, then removes unnecessary ones. */
  List<AccessEdit> change(List<Denial> missing) {
    AccessState relevant = RelevantState.of(index, question);
    List<AccessEdit> edits = new ArrayList<>();
    List<Denial> stillMissing = missing;
    AccessIndex current = new AccessIndex(relevant);
    for (int step = 0; step < MAX_STEPS && !stillMissing.isEmpty(); step++) {
      List<AccessEdit> more = remedy(current, step).step(stillMissing.get(0).code(), stillMissing);
      if (more.isEmpty()) {
        return List.of();
      }
      edits.addAll(more);
      current = new AccessIndex(relevant.after(edits));
      stillMissing = new DecisionEvaluator(current, question).decide().missing();
    }
    return stillMissing.isEmpty() && isSufficient(relevant, edits)
        ? withoutUnnecessary(relevant, edits)
        : List.of();
  }

  private List<AccessEdit> withoutUnnecessary(AccessState relevant, List<AccessEdit> edits) {
    List<AccessEdit> necessary = new ArrayList<>(edits);
    for (AccessEdit edit : edits) {
      List<AccessEdit> without = new ArrayList<>(necessary);
      without.remove(edit);
      if (isSufficient(relevant, without)) {
        necessary = without;
      }
    }
    return necessary;
  }

  /** Returns true if each grant can be added in this order, and the edits allow the action. */
  private boolean isSufficient(AccessState relevant, List<AccessEdit> edits) {
    for (int i = 0; i < edits.size(); i++) {
      if (edits.get(i) instanceof AddGrant add) {
        AccessIndex before = new AccessIndex(relevant.after(edits.subList(0, i)));
        if (!GrantFeasibility.isPossible(before, add.grant(), question.at())
            || !GrantFeasibility.canBeMade(before, add.grant(), question.at())) {
          return false;
        }
      }
    }
    return new DecisionEvaluator(new AccessIndex(relevant.after(edits)), question)
        .decide()
        .allowed();
  }
}
