using System.Collections.Concurrent;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Security.Cryptography;
using HyperVDash.Model.Dns;

namespace HyperVDash.Agent.Collect.Dns;

/// <summary>
/// Asks the DNS servers of this computer themselves, so that its hosts file and its cache have no say. Only where none can be found, the system's own resolver answers.
/// An answer counts for a minute, so that the hosts of one farm do not each ask for it.
/// </summary>
internal sealed class DnsResolver(Func<IReadOnlyList<IPEndPoint>> servers, TimeProvider time) : INameResolver
{
    private const int MaxServers = 4;
    private const int Tries = 2;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, Lookup> _answers = new(StringComparer.Ordinal);

    /// <summary>The one of this process.</summary>
    public static DnsResolver OfThisComputer { get; } = new(ServersOfThisComputer, TimeProvider.System);

    public Task<IReadOnlyList<DnsAnswer>> AskAsync(string name, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        foreach (var old in _answers.Where(a => a.Value.Until <= now))
        {
            _answers.TryRemove(old);
        }

        // The look-up is shared, so it ends by its own limit and not with the one who asked first.
        var answer = _answers.GetOrAdd(name, n => new Lookup(new(() => AskServersAsync(n)), now + Kept));
        return answer.Answers.Value.WaitAsync(cancellationToken);
    }

    private async Task<IReadOnlyList<DnsAnswer>> AskServersAsync(string name)
    {
        var all = servers();
        return all.Count == 0
            ? [await AskSystemAsync(name).ConfigureAwait(false)]
            : await Task.WhenAll(all.Take(MaxServers).Select(s => AskServerAsync(name, s))).ConfigureAwait(false);
    }

    private async Task<DnsAnswer> AskServerAsync(string name, IPEndPoint server)
    {
        string source = server.Port == 53 ? server.Address.ToString() : server.ToString();
        string error = $"DNS server {source} does not answer.";
        for (int i = 0; i < Tries; i++)
        {
            using var limit = new CancellationTokenSource(Patience, time);
            try
            {
                using var socket = new UdpClient(server.AddressFamily);
                socket.Connect(server);
                ushort id = (ushort)RandomNumberGenerator.GetInt32(ushort.MaxValue + 1);
                await socket.SendAsync(DnsMessage.Question(id, name), limit.Token).ConfigureAwait(false);
                while (true)
                {
                    var received = await socket.ReceiveAsync(limit.Token).ConfigureAwait(false);
                    if (DnsMessage.Answer(received.Buffer, id, name, source) is { } answer)
                    {
                        return answer;
                    }
                }
            }
            catch (OperationCanceledException)
            {
            }
            catch (SocketException refused)
            {
                error = $"DNS server {source} cannot be reached: {refused.Message}";
            }
        }

        return new DnsAnswer(name, source) { Error = error };
    }

    private async Task<DnsAnswer> AskSystemAsync(string name)
    {
        const string source = "the resolver of the agent's computer, with its hosts file";
        using var limit = new CancellationTokenSource(Patience * Tries, time);
        try
        {
            // The dot at the end keeps search suffixes away.
            var addresses = await System.Net.Dns.GetHostAddressesAsync(name + ".", AddressFamily.InterNetwork, limit.Token).ConfigureAwait(false);
            return new DnsAnswer(name, source) { Addresses = [.. addresses.Select(a => a.ToString()).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)] };
        }
        catch (SocketException unknown) when (unknown.SocketErrorCode is SocketError.HostNotFound or SocketError.NoData)
        {
            return new DnsAnswer(name, source) { Addresses = [] };
        }
        catch (SocketException failed)
        {
            return new DnsAnswer(name, source) { Error = $"The name cannot be looked up: {failed.Message}" };
        }
        catch (OperationCanceledException)
        {
            return new DnsAnswer(name, source) { Error = "The look-up took too long." };
        }
    }

    private static IReadOnlyList<IPEndPoint> ServersOfThisComputer()
    {
        try
        {
            return
            [
                .. NetworkInterface.GetAllNetworkInterfaces().Where(i => i.OperationalStatus == OperationalStatus.Up).SelectMany(i => i.GetIPProperties().DnsAddresses)
                    // Windows lists these three on every adapter without a server of its own; nobody answers there.
                    .Where(a => !a.IsIPv6SiteLocal).Distinct().Select(a => new IPEndPoint(a, 53)),
            ];
        }
        catch (NetworkInformationException)
        {
            return [];
        }
    }

    private sealed record Lookup(Lazy<Task<IReadOnlyList<DnsAnswer>>> Answers, DateTimeOffset Until);
}
