package io.meshwork.sharing;

import io.meshwork.internal.ledger.Draft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.runtime.OneCommit;
import io.meshwork.internal.session.Session;
import java.util.function.Function;
import java.util.function.Supplier;

/** Commits one change of a request that changes no rights; it is drafted anew for each attempt. */
final class RequestChange {
  private final Session session;
  private final String doing;
  private final OneCommit once;

  RequestChange(Session session, String doing) {
    this.session = session;
    this.doing = doing;
    this.once = OneCommit.withoutKey(doing);
  }

  /**
   * Does it.
   *
   * @param partition whose log tells of it
   */
  AccessRequest commit(
      Function<Ledger.Attempt, Draft<AccessRequest>> how, Supplier<String> partition) {
    session.checkOpen(doing);
    once.begin();
    try {
      String of = partition.get();
      return session
          .ledger()
          .commit(
              new Ledger.Change<AccessRequest>() {
                @Override
                public String doing() {
                  return doing;
                }

                @Override
                public String partition() {
                  return of;
                }

                @Override
                public Draft<AccessRequest> draft(Ledger.Attempt attempt) {
                  return how.apply(attempt);
                }
              },
              session.deadline());
    } finally {
      once.end();
    }
  }
}
