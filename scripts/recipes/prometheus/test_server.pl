#!/usr/bin/perl
# What the test of this recipe plays against Prometheus and Alertmanager.
#
#   test_server.pl history NAME FROM TO   the KPI's past, a sample a second, as OpenMetrics without # EOF
#   test_server.pl serve NAME PORT FOLDER
#       GET  /metrics       the KPI now; 60 too high and 60 too low in turn while FOLDER/anomaly exists
#       POST /webhook       the body becomes a line of FOLDER/notifications
#       POST /canned/CASE/  answers with the file FOLDER/CASE.answer: a whole HTTP response
use strict;
use warnings;
use IO::Socket::INET;

# Swings between 50 and 150 in five minutes, with a little noise.
sub kpi {
    my $second = int shift;
    my $noise = sin(12.9898 * $second) * 43758.5453;
    return sprintf '%.3f', 100 + 50 * sin($second * atan2(1, 1) * 8 / 300) + 4 * ($noise - int $noise);
}

sub answer {
    my ($name, $folder, $path, $body) = @_;
    if ($path eq '/metrics') {
        my $now = time;
        my $value = kpi($now) + (-e "$folder/anomaly" ? 60 * (-1)**$now : 0);
        return "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n$name $value\n";
    }
    if ($path eq '/webhook') {
        open my $out, '>>', "$folder/notifications" or die $!;
        print $out "$body\n";
        close $out or die $!;
        return "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    }
    if ($path =~ m{^/canned/(\w+)/} && open my $in, '<', "$folder/$1.answer") {
        local $/;
        return scalar <$in>;
    }
    return "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
}

sub serve {
    my ($name, $port, $folder) = @_;
    my $server = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => $port, Listen => 16,
        ReuseAddr => 1) or die "port $port: $!";
    $SIG{PIPE} = 'IGNORE';
    while (my $client = $server->accept) {
        my ($path, $size, $body) = ('', 0, '');
        while (my $line = <$client>) {
            $path = $1 if $line =~ m{^\w+ (\S+) HTTP};
            $size = $1 if $line =~ m{^content-length:\s*(\d+)}i;
            last if $line =~ /^\r?\n$/;
        }
        read $client, $body, $size if $size;
        print $client answer($name, $folder, $path, $body);
        close $client;
    }
}

my ($what, $name, @rest) = @ARGV;
if ($what eq 'history') {
    my ($from, $to) = @rest;
    print "# TYPE $name gauge\n";
    print "$name ", kpi($_), " $_\n" for $from .. $to;
} else {
    serve($name, @rest);
}
