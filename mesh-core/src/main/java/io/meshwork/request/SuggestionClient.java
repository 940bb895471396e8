package io.meshwork.request;

import com.google.errorprone.annotations.CheckReturnValue;
import io.meshwork.operation.Operation;
import io.meshwork.product.ContractVersion;
import java.util.List;

/**
 * Sends, lists, answers, and withdraws suggestions. Obtain it with {@code
 * MeshClient.suggestions()}. Thread-safe; nothing to close.
 */
public interface SuggestionClient {
  /**
   * Suggests an improvement of a product to its owner, also without permission to read it. Set the
   * text, then {@code commit()}.
   */
  @CheckReturnValue
  Suggest suggest(CharSequence product);

  /**
   * Lists the suggestions for products of the caller's domain: open ones first, oldest first.
   *
   * @throws io.meshwork.error.InvalidRequestException if the account acts for no domain
   */
  List<Suggestion> received();

  /**
   * Lists the suggestions of all roles of the caller's domain: open ones first, oldest first.
   *
   * @throws io.meshwork.error.InvalidRequestException if the account acts for no domain
   */
  List<Suggestion> sent();

  /**
   * Accepts a suggestion to the caller's domain, or states how an accepted one is delivered.
   *
   * @param id as {@link #received} lists it
   */
  @CheckReturnValue
  Accept accept(String id);

  /**
   * Declines a suggestion to the caller's domain. An accepted one can be declined too. The same
   * answer again changes nothing. The commit throws {@link io.meshwork.error.AccessDeniedException}
   * if the caller does not decide for the owner, {@link io.meshwork.error.ConflictException} if it
   * was declined, delivered, or withdrawn, and {@link io.meshwork.error.NotFoundException} if there
   * is no such suggestion. The reason is for the requester and the log.
   *
   * @param id as {@link #received} lists it
   */
  @CheckReturnValue
  Operation.WithReason<Suggestion> decline(String id);

  /**
   * Withdraws a suggestion of the caller's domain that is open or accepted. Every role of the
   * domain may do this. A second withdrawal changes nothing. The commit throws {@link
   * io.meshwork.error.ConflictException} if the suggestion was declined or delivered, and {@link
   * io.meshwork.error.NotFoundException} if the caller's domain sent no such suggestion.
   *
   * @param id as {@link #sent} lists it
   */
  @CheckReturnValue
  Operation<Suggestion> withdraw(String id);

  /**
   * Suggests an improvement of a product to its owner. Everyone who can describe the product may
   * suggest, also without permission to read it. The same suggestion again while it is open changes
   * nothing. For one thread; committed once.
   */
  interface Suggest extends Operation<Suggestion> {
    /** Sets what it is about. Default: {@link Suggestion.Kind#OTHER}. */
    Suggest kind(Suggestion.Kind kind);

    /**
     * Sets the columns that it is about, at most 100: new ones for {@link
     * Suggestion.Kind#NEW_COLUMN}, otherwise top-level columns of the contract. Default: none.
     */
    Suggest columns(String... names);

    /** Sets the text, of at most 4,096 characters. Required; for the owner and the log. */
    Suggest text(String text);

    /**
     * Sends the suggestion.
     *
     * @return the suggestion, which waits for the owner
     * @throws io.meshwork.error.InvalidRequestException if the text is missing, a column does not
     *     fit the kind, the account acts for no domain or for the owner, or the domain has 20 open
     *     suggestions for the product
     * @throws io.meshwork.error.NotFoundException if the product does not exist, or it was retired
     */
    @Override
    Suggestion commit();
  }

  /**
   * Accepts a suggestion. Without a rollout or a contract version the owner states the intention,
   * and accepts it again with one of them later. For one thread; committed once.
   */
  interface Accept extends Operation<Suggestion> {
    /** Sets the reason, for the requester and the log. Default: the last answer's. */
    Accept because(String reason);

    /**
     * Names the rollout that delivers it. The suggestion is delivered, and the requester's domain
     * notified, when consumers can read the new major version, or the contract is amended. If the
     * rollout is aborted, the suggestion is accepted without one. Default: the last answer's.
     *
     * @param number as {@code rollouts(..)} lists it
     */
    Accept rollout(int number);

    /** Names the published contract version that has it: the suggestion is delivered. */
    Accept version(ContractVersion version);

    /**
     * Accepts it. The same answer again changes nothing.
     *
     * @return the suggestion; {@link Suggestion.State#DELIVERED} if consumers can read the named
     *     version already
     * @throws io.meshwork.error.AccessDeniedException if the caller does not decide for the owner
     * @throws io.meshwork.error.InvalidRequestException if both a rollout and a version are named,
     *     or the product has no such rollout or no such version that consumers see
     * @throws io.meshwork.error.ConflictException if it was declined, delivered, or withdrawn
     * @throws io.meshwork.error.NotFoundException if the suggestion does not exist
     */
    @Override
    Suggestion commit();
  }
}
