package io.meshwork.access;

import io.meshwork.access.AccessEdit.AddGrant;
import io.meshwork.access.AccessEdit.AddOptIn;
import io.meshwork.access.AccessEdit.SetShare;
import io.meshwork.access.Explanation.Missing;
import io.meshwork.access.Explanation.Reason;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Explains a decision: what counted, what was missing, who could give it, what would change it. */
final class Reasons {
  private static final int MOST_STEPS = 8;

  private static final Map<String, String> MEANINGS =
      Map.ofEntries(
          Map.entry("NO_GRANT", "no grant in force and no right gives this"),
          Map.entry("LOCAL_GRANT", "shared with the account, not handed on to the principal"),
          Map.entry("ACCOUNT_GRANT", "handed on in the account, not shared by the owner"),
          Map.entry("RAM_SHARE", "granted, but the share between the accounts is not accepted"),
          Map.entry("OPT_IN", "left to IAM by the owner: from other accounts it needs an opt-in"),
          Map.entry("LINK_DESCRIBE", "the link on the way may not be seen"),
          Map.entry("LINK_CHAIN", "the link leads to a link, which is not followed"),
          Map.entry("NO_COLUMN", "no column may be seen"),
          Map.entry("IAM_GLUE", "IAM does not let the principal ask Glue"),
          Map.entry("IAM_GET_DATA_ACCESS", "IAM does not let the principal be given credentials"),
          Map.entry("S3_ACCESS", "the principal's own rights in S3 do not reach the data"),
          Map.entry("DATA_LOCATION", "the location is registered and not granted"),
          Map.entry("UNKNOWN_RESOURCE", "there is nothing under this name"));

  private final Estate estate;
  private final AccessQuestion question;

  Reasons(Estate estate, AccessQuestion question) {
    this.estate = estate;
    this.question = question;
  }

  Explanation of(Outcome outcome, List<String> missing) {
    if (outcome.allowed()) {
      return new Explanation(reasons(outcome), List.of(), List.of());
    }
    List<Missing> what = new ArrayList<>();
    for (String code : missing) {
      String meaning =
          code.startsWith("COLUMN:")
              ? "this column may not be seen"
              : MEANINGS.getOrDefault(code, "not allowed");
      what.add(new Missing(code, meaning, whoCanGive(code, missing)));
    }
    return new Explanation(List.of(), what, change(missing));
  }

  private List<Reason> reasons(Outcome outcome) {
    List<Reason> reasons = new ArrayList<>();
    for (String id : outcome.matched()) {
      if (id.startsWith("implicit:")) {
        reasons.add(new Reason(id, Optional.empty(), List.of(), List.of()));
      }
    }
    TableNode table = Place.of(estate, question.on()).table();
    outcome
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

  /** Where each tag of a policy was found: the table, its columns, or the database. */
  private List<String> tags(HeldGrant held) {
    TagExpression expression = held.expression();
    Place place = Place.of(estate, question.on());
    if (expression == null || place.database() == null) {
      return List.of();
    }
    Set<String> found = new TreeSet<>();
    for (Map.Entry<String, List<String>> wanted : expression.values().entrySet()) {
      String key = wanted.getKey();
      note(place.database().tags(), key, wanted.getValue(), "database", found);
      TableNode table = place.table();
      if (table != null) {
        if (!table.tags().getOrDefault(key, "").equals(place.database().tags().get(key))) {
          note(table.tags(), key, wanted.getValue(), "table", found);
        }
        for (int column = 0; column < table.columns().size(); column++) {
          if (!table.tags(column).getOrDefault(key, "").equals(table.tags().get(key))) {
            String where = "column " + table.columns().get(column);
            note(table.tags(column), key, wanted.getValue(), where, found);
          }
        }
      }
    }
    return List.copyOf(found);
  }

  private static void note(
      Map<String, String> tags, String key, List<String> wanted, String where, Set<String> found) {
    String value = tags.get(key);
    if (value != null && wanted.contains(value)) {
      found.add(key + "=" + value + " (" + where + ")");
    }
  }

  private List<String> whoCanGive(String code, List<String> missing) {
    Set<String> who = new TreeSet<>();
    Resource target = Place.of(estate, question.on()).target(question.on());
    String home = Grantee.accountOf(question.principal().id());
    for (AccessEdit edit : remedy(estate, 0).step(code, missing)) {
      if (edit instanceof AddGrant add && !add.grant().id().endsWith("-share")) {
        who.addAll(Feasible.who(estate, add.grant(), question.at()));
      } else if (edit instanceof SetShare) {
        who.addAll(estate.account(home).admins());
      } else if (edit instanceof AddOptIn) {
        who.addAll(estate.account(target.account()).admins());
      }
    }
    return List.copyOf(who);
  }

  private Remedy remedy(Estate in, int step) {
    return new Remedy(in, question, "proposed-" + (step + 1));
  }

  /** Goes on from what is missing to what is missing then, and leaves out what proves needless. */
  private List<AccessEdit> change(List<String> missing) {
    AccessState few = Slice.of(estate, question);
    List<AccessEdit> edits = new ArrayList<>();
    List<String> lacking = missing;
    Estate now = new Estate(few);
    for (int step = 0; step < MOST_STEPS && !lacking.isEmpty(); step++) {
      List<AccessEdit> more = remedy(now, step).step(lacking.get(0), lacking);
      if (more.isEmpty()) {
        return List.of();
      }
      edits.addAll(more);
      now = new Estate(few.after(edits));
      lacking = new Judge(now, question).decide().missing();
    }
    return lacking.isEmpty() && works(few, edits) ? needed(few, edits) : List.of();
  }

  private List<AccessEdit> needed(AccessState few, List<AccessEdit> edits) {
    List<AccessEdit> kept = new ArrayList<>(edits);
    for (AccessEdit edit : edits) {
      List<AccessEdit> without = new ArrayList<>(kept);
      without.remove(edit);
      if (works(few, without)) {
        kept = without;
      }
    }
    return kept;
  }

  /** True if each grant among the edits can be made in its turn, and the answer is yes then. */
  private boolean works(AccessState few, List<AccessEdit> edits) {
    for (int i = 0; i < edits.size(); i++) {
      if (edits.get(i) instanceof AddGrant add) {
        Estate before = new Estate(few.after(edits.subList(0, i)));
        if (!Feasible.stands(before, add.grant(), question.at())
            || !Feasible.somebodyMay(before, add.grant(), question.at())) {
          return false;
        }
      }
    }
    return new Judge(new Estate(few.after(edits)), question).decide().allowed();
  }
}
