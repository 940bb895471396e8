/** What the classes of AWS have in common: names of resources, and failures of requests. */
@NullMarked
package io.meshwork.aws.internal;

import org.jspecify.annotations.NullMarked;
