package io.meshwork.access;

import io.meshwork.access.AccessDecision.Resolved;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Answers one question: IAM first, then links, then grants and implicit rights, then the way to the
 * data and the columns.
 */
final class Judge {
  private final Estate estate;
  private final AccessQuestion question;
  private final Permission action;
  private final Identity identity;

  Judge(Estate estate, AccessQuestion question) {
    this.estate = estate;
    this.question = question;
    this.action = question.action();
    this.identity = estate.identity(question.principal());
  }

  AccessDecision decide() {
    if (!identity.facts().glue()) {
      return denied("IAM_GLUE");
    }
    Resource on = question.on();
    if (on instanceof Resource.Database of) {
      return database(of);
    } else if (on instanceof Resource.Table of) {
      return table(of);
    } else if (on instanceof Resource.Catalog
        || on instanceof Resource.Location
        || on instanceof Resource.TagValues) {
      return told(AtLargeJudge.judge(standing(on.account()), on, action), Sight.NOTHING);
    }
    return denied("UNKNOWN_RESOURCE");
  }

  private Standing standing(String owner) {
    return new Standing(estate, identity, owner, question.at());
  }

  private AccessDecision database(Resource.Database on) {
    LinkNode link = estate.databaseLink(on.account(), on.name());
    if (link == null) {
      DatabaseNode database = estate.database(on.account(), on.name());
      return database == null
          ? denied("UNKNOWN_RESOURCE")
          : told(onDatabase(database), Sight.NOTHING);
    }
    if (action == Permission.DROP) {
      return dropOf(link);
    }
    Outcome way = onLink(link, Permission.DESCRIBE);
    if (!way.allowed()) {
      return denied("LINK_DESCRIBE");
    }
    Resource target = link.link().target();
    DatabaseNode database = estate.database(target.account(), target.database().orElse(""));
    if (database == null) {
      return denied("UNKNOWN_RESOURCE");
    }
    Outcome outcome = onDatabase(database);
    if (outcome.allowed()) {
      outcome.join(way);
      return told(outcome, Sight.NOTHING, Resolved.TARGET);
    }
    return action == Permission.DESCRIBE
        ? told(way, Sight.NOTHING, Resolved.LINK)
        : told(outcome, Sight.NOTHING);
  }

  private AccessDecision table(Resource.Table on) {
    LinkNode databaseLink = estate.databaseLink(on.account(), on.in());
    if (databaseLink != null) {
      Resource target = databaseLink.link().target();
      return through(
          databaseLink, target.account(), target.database().orElse(""), on.name(), false);
    }
    LinkNode link = estate.tableLink(on.account(), on.in(), on.name());
    if (link != null) {
      if (action == Permission.DROP) {
        return dropOf(link);
      }
      Resource target = link.link().target();
      return through(
          link,
          target.account(),
          target.database().orElse(""),
          target.table().orElse(""),
          action == Permission.DESCRIBE);
    }
    TableNode table = estate.table(on.account(), on.in(), on.name());
    return table == null ? denied("UNKNOWN_RESOURCE") : onTable(table, null, null);
  }

  /** The decision on a table that was found already, which is what the question is about. */
  AccessDecision decideOn(TableNode table) {
    return identity.facts().glue() ? onTable(table, null, null) : denied("IAM_GLUE");
  }

  private AccessDecision through(
      LinkNode link, String account, String database, String name, boolean mayEndAtLink) {
    Outcome way = onLink(link, Permission.DESCRIBE);
    if (!way.allowed()) {
      return denied("LINK_DESCRIBE");
    } else if (estate.tableLink(account, database, name) != null) {
      return denied("LINK_CHAIN");
    }
    TableNode table = estate.table(account, database, name);
    if (table == null) {
      return denied("UNKNOWN_RESOURCE");
    } else if (!mayEndAtLink) {
      return onTable(table, way, null);
    }
    AccessDecision target = onTable(table, way, Resolved.TARGET);
    return target.allowed() ? target : told(way, Sight.NOTHING, Resolved.LINK);
  }

  private Outcome onLink(LinkNode link, Permission wanted) {
    return LinkJudge.judge(estate, question.principal(), link, wanted, question.at());
  }

  private AccessDecision dropOf(LinkNode link) {
    Outcome outcome = onLink(link, Permission.DROP);
    return outcome.allowed()
        ? told(outcome, Sight.NOTHING, Resolved.LINK)
        : told(outcome, Sight.NOTHING);
  }

  private Outcome onDatabase(DatabaseNode database) {
    Standing standing = standing(database.account());
    Outcome outcome = DatabaseJudge.judge(standing, database, action);
    if (action == Permission.CREATE_TABLE
        && outcome.allowed()
        && question.location().isPresent()
        && !DataPath.mayPointTo(standing, database, question.location().get())) {
      return Outcome.denied(Set.of("DATA_LOCATION"));
    }
    return outcome;
  }

  private AccessDecision onTable(
      TableNode table, @Nullable Outcome way, @Nullable Resolved resolved) {
    Standing standing = standing(table.account());
    Outcome outcome = TableJudge.judge(standing, table, action);
    if (!outcome.allowed()) {
      return told(outcome, Sight.NOTHING);
    }
    if (action == Permission.SELECT || action == Permission.INSERT || action == Permission.DELETE) {
      String missing = DataPath.missing(standing, table);
      if (missing != null) {
        return denied(missing);
      }
    }
    if (way != null) {
      outcome.join(way);
    }
    if (action == Permission.SELECT || action == Permission.DESCRIBE) {
      return seen(table, outcome, resolved);
    }
    return told(outcome, Sight.NOTHING);
  }

  private AccessDecision seen(TableNode table, Outcome outcome, @Nullable Resolved resolved) {
    BitSet visible = new BitSet();
    outcome.pairs().forEach(pair -> visible.or(pair.columns()));
    Set<String> hidden = new TreeSet<>();
    BitSet asked = new BitSet();
    for (String column : question.columns()) {
      Integer place = table.place(column);
      if (place == null || !visible.get(place)) {
        hidden.add("COLUMN:" + Fold.of(column));
      } else {
        asked.set(place);
      }
    }
    if (!hidden.isEmpty()) {
      return told(Outcome.denied(hidden), Sight.NOTHING);
    } else if (action == Permission.SELECT && visible.isEmpty()) {
      return denied("NO_COLUMN");
    }
    List<Pair> pairs = action == Permission.SELECT ? outcome.pairs() : List.of();
    return told(
        outcome, new Sight(table, question.columns().isEmpty() ? visible : asked, pairs), resolved);
  }

  private AccessDecision denied(String code) {
    return told(Outcome.denied(Set.of(code)), Sight.NOTHING);
  }

  private AccessDecision told(Outcome outcome, Sight sight) {
    return told(outcome, sight, null);
  }

  private AccessDecision told(Outcome outcome, Sight sight, @Nullable Resolved resolved) {
    boolean allowed = outcome.allowed();
    List<String> matched = allowed ? List.copyOf(outcome.matched()) : List.of();
    List<String> missing = allowed ? List.of() : outcome.missing();
    return new AccessDecision(
        allowed,
        matched,
        missing,
        sight,
        Optional.ofNullable(resolved),
        () -> new Reasons(estate, question).of(outcome, missing));
  }
}
