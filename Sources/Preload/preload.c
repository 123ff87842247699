/* liblanyard-preload */
