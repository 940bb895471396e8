package io.meshwork.walk;

import io.meshwork.card.ProductCard;
import io.meshwork.product.MajorVersion;
import io.meshwork.rollout.MajorRollout;
import io.meshwork.rollout.MajorRollout.RowDifference;
import io.meshwork.rollout.Rollout;
import io.meshwork.walk.RolloutModel.Pair;
import io.meshwork.walk.RolloutModel.Version;
import java.util.ArrayList;
import java.util.List;

/** Reads the states of rollouts and versions into the model. */
final class RolloutStates {
  private final RolloutWorld world;
  private final RolloutModel model;

  RolloutStates(RolloutWorld world) {
    this.world = world;
    this.model = world.model;
  }

  /** Reads the states of rollouts, and of versions if one of these changed. */
  void read() {
    List<Rollout.State> before = model.pairs.stream().map(pair -> pair.state).toList();
    readRollouts();
    if (!before.equals(model.pairs.stream().map(pair -> pair.state).toList())) {
      readVersions();
    }
  }

  /** Reads the states of versions, which a purge and the choice of the current one change too. */
  void readVersions() {
    ProductCard card = world.one.shop().describe(RolloutWorld.PRODUCT);
    ProductCard.Version current = card.versions().get(0);
    world.require(
        Law.L8,
        isOpen(current) || card.versions().stream().noneMatch(RolloutStates::isOpen),
        "reads without a version get "
            + current.version()
            + ", which is "
            + current.state()
            + ", although another one is open",
        "");
    for (ProductCard.Version each : card.versions()) {
      Version version = model.versions.get(each.version().major());
      if (version != null) {
        version.state = each.state();
        if (version.restrictsName && version.isOpen()) {
          version.restrictsName = false;
          model.nameRestricted = true;
          model.nameOpenIn.clear();
        }
        if (each.version().equals(current.version())) {
          model.current = version.number;
          world.require(
              Law.L4,
              card.suspension().isPresent()
                  || !model.isSuspended(version.number, world.clock.instant()),
              "the card does not say that version " + version.number + " is suspended",
              "");
        }
      }
    }
  }

  private static boolean isOpen(ProductCard.Version version) {
    return version.state() == MajorVersion.State.ACTIVE
        || version.state() == MajorVersion.State.DEPRECATED;
  }

  /** Reads what each publish can change. */
  void readRollouts() {
    if (model.pairs.isEmpty()) {
      return;
    }
    for (MajorRollout rollout : world.one.majorRollouts()) {
      for (Pair pair : model.pairs) {
        if (pair.number == rollout.number()) {
          pair.state = rollout.state();
          pair.apart = rollout.mayDiffer();
          pair.changedAlone =
              rollout.differences().stream()
                  .filter(each -> each.reason() == RowDifference.Reason.CHANGED_ALONE)
                  .mapToLong(RowDifference::rows)
                  .sum();
          pair.announced = rollout.announcedAt().isPresent();
          pair.behind = rollout.newOnlySince().isPresent();
          if (!pair.level && rollout.cutOver().isPresent()) {
            cutOver(pair);
          }
        }
      }
    }
  }

  private void cutOver(Pair pair) {
    pair.level = true;
    Version from = model.version(pair.from);
    Version to = model.version(pair.to);
    to.isKnown = true;
    if (pair.withoutHistory) {
      pair.lacking.addAll(RowLists.minus(from.rows, to.rows));
      return;
    }
    to.rows.clear();
    for (Order row : from.rows) {
      if (to.form.fits(row)) {
        to.rows.add(row);
      } else {
        pair.lacking.add(row);
        to.quarantined.put(row.id(), row);
      }
    }
  }

  /** A back-fill ran: if it has ended, the versions have the same rows. */
  void filled(Pair pair, Version source, Version target) {
    boolean wasBehind = pair.behind;
    read();
    if (wasBehind && !pair.behind) {
      target.isKnown = true;
      refill(pair, source, target);
    } else if (wasBehind) {
      target.isKnown = false;
    }
  }

  private void refill(Pair pair, Version source, Version target) {
    List<Order> rows = new ArrayList<>(source.rows);
    rows.removeIf(row -> pair.leavingOut && row.region().equals("z"));
    rows.addAll(pair.lacking.stream().filter(target.rows::contains).toList());
    target.rows.clear();
    target.rows.addAll(rows);
  }
}
