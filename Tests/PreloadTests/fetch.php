<?php
// Debian's php-curl, which PHP loads with RTLD_DEEPBIND: `fetch.php URL`, twice over one handle, and in a multi handle.
$easy = curl_init($argv[1]);
curl_setopt($easy, CURLOPT_RETURNTRANSFER, true);
curl_setopt($easy, CURLOPT_HTTPHEADER, ["X-Own: 1"]);
echo curl_exec($easy), curl_exec($easy);
$multi = curl_multi_init();
$clone = curl_copy_handle($easy);
curl_multi_add_handle($multi, $clone);
do {
    curl_multi_exec($multi, $running);
    curl_multi_select($multi, 1);
} while ($running);
echo curl_multi_getcontent($clone);
