package io.meshwork.internal.suggestions;

import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.operation.Operation;
import io.meshwork.request.Suggestion;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

final class SuggestionRefusal implements Operation.WithReason<Suggestion> {
  private final ClientSession session;
  private final String id;
  private final SuggestionReply reply;
  private @Nullable String because;

  SuggestionRefusal(ClientSession session, String id) {
    this.session = session;
    this.id = id;
    this.reply = new SuggestionReply(session, id);
  }

  @Override
  public SuggestionRefusal because(String reason) {
    because = ArgumentChecks.text("because", reason);
    return this;
  }

  @Override
  public Suggestion commit() {
    Optional<String> reason =
        Optional.of(
            ArgumentChecks.requireReason(
                because, reply.action(), "Set the text; the other domain receives it."));
    return reply.commit(
        (suggestion, attempt) ->
            new AnswerEntry(
                id,
                false,
                session.principal(),
                reason,
                OptionalInt.empty(),
                Optional.empty(),
                attempt.clock()));
  }
}
