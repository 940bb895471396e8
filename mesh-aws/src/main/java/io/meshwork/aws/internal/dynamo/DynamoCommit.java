package io.meshwork.aws.internal.dynamo;

import io.meshwork.internal.runtime.Sha256;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Key;
import io.meshwork.registry.Registry.Transaction;
import io.meshwork.registry.Registry.Transaction.Action;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * A transaction in the form for DynamoDB: the attempt's row, then the actions. DynamoDB rejects two
 * actions on one item, so a check of the attempt's row is not sent as an action: the insert of the
 * row already checks that it is absent.
 *
 * @param transaction the caller's transaction
 * @param attempt the key of the attempt's row
 * @param actions the actions after the attempt's row, in this order
 */
record DynamoCommit(Transaction transaction, Key attempt, List<Action> actions) {
  /** A token has at most 36 characters of six bits each. */
  private static final int TOKEN_BYTES = 27;

  static DynamoCommit of(Transaction transaction) {
    Key attempt = attemptKey(transaction.partition(), transaction.attemptId());
    return new DynamoCommit(
        transaction,
        attempt,
        transaction.actions().stream().filter(action -> !action.key().equals(attempt)).toList());
  }

  static Key attemptKey(String partition, String attemptId) {
    return new Key(partition, Registry.ATTEMPT_PREFIX + attemptId);
  }

  /** Returns true if it expects a version of the row that it inserts, which is a conflict. */
  boolean contradictsItself() {
    return transaction.actions().stream()
        .anyMatch(
            action ->
                action.key().equals(attempt)
                    && !action.expectedVersion().equals(Transaction.ABSENT));
  }

  /**
   * Returns the client request token, by which DynamoDB recognizes a second delivery for ten
   * minutes, in all tables of an account. It includes the actions, because after a conflict the
   * same attempt may have others. After the ten minutes, the attempt's row has the same purpose.
   */
  String token(String table) {
    MessageDigest digest = Sha256.newDigest();
    add(digest, table);
    add(digest, transaction.attemptId());
    for (Action action : transaction.actions()) {
      add(digest, action.kind().name());
      add(digest, action.key().partition());
      add(digest, action.key().sort());
      add(digest, action.expectedVersion());
      add(digest, action.json() == null ? "" : action.json());
    }
    return Base64.getUrlEncoder().encodeToString(Arrays.copyOf(digest.digest(), TOKEN_BYTES));
  }

  private static void add(MessageDigest digest, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
    digest.update(bytes);
  }
}
