using System.Runtime.CompilerServices;

namespace HyperVDash.Cim.WsMan;

/// <summary>A host's CIM classes over WS-Management (WinRM), in managed code, from any operating system.</summary>
public sealed class WsManSession(WsManTarget target, TimeProvider time) : ICimSession
{
    private const int MaxEmptyPulls = 20;

    private readonly WsManChannel _channel = new(target, time);
    private readonly QuestionRoom _room = new(time);

    public string Target => target.ToString();

    /// <summary>Asks who listens; proves that WinRM is up and the sign-in holds, not that rights exist.</summary>
    /// <returns>E.g. <c>OS: 10.0.20348 SP: 0.0 Stack: 3.0</c>.</returns>
    public async Task<string> IdentifyAsync(CancellationToken cancellationToken)
    {
        var reply = await SendPatientlyAsync(WsManRequest.Identify(), new RowDecoder(""), target.OperationTimeout, target.OperationTimeout, CimTopic.Identity, mayWait: true, cancellationToken).ConfigureAwait(false);
        return reply.Identity.GetValueOrDefault("ProductVersion")
            ?? throw new CimException(CimErrorKind.Protocol, $"{Target} answers, but does not identify itself as WS-Management.");
    }

    /// <summary>Reads one instance by all its keys.</summary>
    public async Task<CimRow> GetAsync(string cimNamespace, CimPath path, CancellationToken cancellationToken)
    {
        var reply = await SendPatientlyAsync(WsManRequest.Get(target, cimNamespace, path), new RowDecoder(path.Class), target.OperationTimeout, target.OperationTimeout,
            CimTopic.Of(cimNamespace, path.Class), mayWait: true, cancellationToken).ConfigureAwait(false);
        return reply.Output ?? throw Broken(CimTopic.Of(cimNamespace, path.Class), "the answer holds no instance");
    }

    public async IAsyncEnumerable<CimRow> QueryAsync(CimQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var what = CimTopic.Of(query);
        var decoder = new RowDecoder(query.Class);
        var deadline = query.Timeout is { } limit ? time.GetUtcNow() + limit : (DateTimeOffset?)null;
        var host = target;
        var request = WsManRequest.Enumerate(host, query, OperationTimeout(deadline));
        string? context = null;
        int emptyPulls = 0, timedOutPulls = 0, restarts = 0, slowStarts = 0;
        bool hasRows = false;
        long length = 0;
        await _room.EnterAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            while (true)
            {
                WsManReply reply;
                try
                {
                    reply = await SendPatientlyAsync(request, decoder, OperationTimeout(deadline), query.Timeout ?? target.OperationTimeout, what, context is null, cancellationToken).ConfigureAwait(false);
                }
                catch (CimException late) when (IsHostsOwn(late) && context is not null && ++timedOutPulls <= 3 && HasTime(deadline))
                {
                    // The host says that nothing came within its time; the context is still good.
                    request = WsManRequest.Pull(host, query, context, OperationTimeout(deadline));
                    continue;
                }
                catch (CimException late) when (IsHostsOwn(late) && context is null && slowStarts++ == 0 && HasTime(deadline))
                {
                    // What it began to gather may be at hand by now.
                    request = WsManRequest.Enumerate(host, query, OperationTimeout(deadline));
                    continue;
                }
                catch (WsManBusyException) when (context is not null && !hasRows && restarts++ == 0)
                {
                    // An open enumeration counts against what the host has too much of: it is given back first.
                    await ReleaseAsync(query, context).ConfigureAwait(false);
                    context = null;
                    await WaitAsync(0, cancellationToken).ConfigureAwait(false);
                    request = WsManRequest.Enumerate(host, query, OperationTimeout(deadline));
                    continue;
                }
                catch (WsManBusyException busy)
                {
                    throw busy.AsCim();
                }
                catch (CimException lost) when (!hasRows && restarts == 0 && WsManFault.IsWorthAnotherStart(lost.Code))
                {
                    // The host forgot where it was, or a batch is more than an envelope holds: from the start, once, an instance at a time if need be.
                    restarts++;
                    host = WsManFault.IsTooLarge(lost.Code) ? host with { MaxElements = 1 } : host;
                    if (context is not null)
                    {
                        await ReleaseAsync(query, context).ConfigureAwait(false);
                        context = null;
                    }

                    request = WsManRequest.Enumerate(host, query, OperationTimeout(deadline));
                    continue;
                }

                // Before the rows: a consumer that stops at one of them leaves this enumeration to be released.
                context = reply.IsEnd || reply.Broken is not null ? null : reply.Context;
                length += reply.Length;
                if (length > target.MaxAnswerLength)
                {
                    throw Broken(what, $"it is longer than {target.MaxAnswerLength >> 20} MB, which no host has to tell of one class");
                }

                foreach (var row in reply.Rows)
                {
                    hasRows = true;
                    yield return row;
                }

                if (reply.Broken is not null)
                {
                    throw Broken(what, reply.Broken);
                }

                if (context is null)
                {
                    // Hosts always say that it is the end; an answer that lost its context would pass for a whole one.
                    if (!reply.IsEnd)
                    {
                        throw Broken(what, reply.Rows.Count == 0 ? "the answer holds neither instances nor a context nor an end" : "the answer neither ends nor says how to go on");
                    }

                    yield break;
                }

                if (reply.Rows.Count == 0 && !request.IsEnumerate && ++emptyPulls > MaxEmptyPulls)
                {
                    throw Broken(what, $"{MaxEmptyPulls} empty batches in a row and no end");
                }

                request = WsManRequest.Pull(host, query, context, OperationTimeout(deadline));
            }
        }
        finally
        {
            if (context is not null)
            {
                await ReleaseAsync(query, context).ConfigureAwait(false);
            }

            _room.Leave();
        }
    }

    public async Task<CimReply> InvokeAsync(CimCall call, CancellationToken cancellationToken)
    {
        var what = CimTopic.Of(call);
        var limit = call.Timeout ?? target.OperationTimeout;
        var deadline = call.Timeout is null ? (DateTimeOffset?)null : time.GetUtcNow() + limit;
        WsManReply reply;
        try
        {
            reply = await SendPatientlyAsync(
                WsManRequest.Invoke(target, call, limit), new RowDecoder(call.Class), limit, limit, what, mayWait: true, cancellationToken).ConfigureAwait(false);
        }
        catch (CimException late) when (IsHostsOwn(late) && HasTime(deadline))
        {
            // Every method that is called only reads, so it may be called twice.
            var left = OperationTimeout(deadline);
            reply = await SendPatientlyAsync(
                WsManRequest.Invoke(target, call, left), new RowDecoder(call.Class), left, limit, what, mayWait: true, cancellationToken).ConfigureAwait(false);
        }

        return reply switch
        {
            { Broken: { } broken } => throw Broken(what, broken),
            { Output: { } output } => new CimReply(output.Int64("ReturnValue"), output),
            _ => throw Broken(what, "the answer is empty"),
        };
    }

    /// <summary>The host says itself that its time was not enough; a host that is silent is not asked again.</summary>
    private static bool IsHostsOwn(CimException late) => late is { Kind: CimErrorKind.Timeout, Code: not null };

    private bool HasTime(DateTimeOffset? deadline) => deadline is null || time.GetUtcNow() < deadline;

    private TimeSpan OperationTimeout(DateTimeOffset? deadline)
    {
        var left = deadline is null ? target.OperationTimeout : deadline.Value - time.GetUtcNow();
        return left <= TimeSpan.Zero
            ? throw new CimException(CimErrorKind.Timeout, $"{Target} did not finish its answer in the time allowed.")
            : left < target.OperationTimeout ? left : target.OperationTimeout;
    }

    /// <summary>Waits three times, longer each time, for a host that is busy with too many questions, and asks fewer at a time from then on.</summary>
    /// <param name="mayWait">False in the middle of an enumeration, which is given back before anything is waited for.</param>
    /// <exception cref="WsManBusyException">Only without <paramref name="mayWait"/>.</exception>
    private async Task<WsManReply> SendPatientlyAsync(
        WsManRequest request, RowDecoder decoder, TimeSpan limit, TimeSpan whole, CimTopic what, bool mayWait, CancellationToken cancellationToken)
    {
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                return await SendAsync(request, decoder, limit, whole, what, cancellationToken).ConfigureAwait(false);
            }
            catch (WsManBusyException) when (mayWait && attempt < 3)
            {
                _room.Halve();
                await WaitAsync(attempt, cancellationToken).ConfigureAwait(false);
            }
            catch (WsManBusyException busy)
            {
                _room.Halve();
                if (!mayWait)
                {
                    throw;
                }

                throw busy.AsCim();
            }
        }
    }

    private Task WaitAsync(int attempt, CancellationToken cancellationToken)
    {
        double spread = 0.7 + (Random.Shared.NextDouble() * 0.6);
        return Task.Delay(TimeSpan.FromSeconds(2 << attempt) * spread, time, cancellationToken);
    }

    private async Task<WsManReply> SendAsync(
        WsManRequest request, RowDecoder decoder, TimeSpan limit, TimeSpan whole, CimTopic what, CancellationToken cancellationToken)
    {
        using var bytes = await PostAsync(request, limit, whole, cancellationToken).ConfigureAwait(false);
        if (bytes.Length == 0)
        {
            throw new CimException(CimErrorKind.Protocol, bytes.Status == 500
                ? $"{Target} refused an unencrypted request (HTTP 500 without text): its HTTP listener wants message encryption. Use its HTTPS listener."
                : $"{Target} sent an empty answer for {what} (HTTP {bytes.Status}).");
        }

        var reply = WsManReply.Read(bytes, decoder);
        return Checked(reply, request, bytes, what);
    }

    private async Task<WsManBytes> PostAsync(WsManRequest request, TimeSpan limit, TimeSpan whole, CancellationToken cancellationToken)
    {
        try
        {
            return await _channel.PostAsync(request, limit + target.NetworkDelay, whole, cancellationToken).ConfigureAwait(false);
        }
        catch (CimException unavailable) when (unavailable.Code == WsManFault.HttpUnavailable)
        {
            throw new WsManBusyException(unavailable);
        }
    }

    private WsManReply Checked(WsManReply reply, WsManRequest request, WsManBytes bytes, CimTopic what)
    {
        if (reply.Fault is { } fault)
        {
            throw fault.IsQuota ? new WsManBusyException(AsException(fault, what)) : AsException(fault, what);
        }

        if (reply.Broken is null && request.MessageId.Length > 0 && !request.MessageId.Equals(reply.RelatesTo, StringComparison.OrdinalIgnoreCase))
        {
            throw Broken(what, "the answer belongs to another request");
        }

        if (reply.Broken is not null && reply.Rows.Count == 0)
        {
            throw Broken(what, bytes.IsCut ? "the connection broke in the middle of it" : reply.Broken);
        }

        return reply.Broken is null && !reply.HasBody ? throw Broken(what, "the answer has no body") : reply;
    }

    private CimException AsException(WsManFault fault, CimTopic what)
    {
        string code = fault.Code is { } number ? $" (0x{number:X8})" : "";
        return new CimException(fault.Kind, fault.Kind switch
        {
            CimErrorKind.NoSuchNamespace => $"{Target} has no such namespace: {what}{code}.",
            CimErrorKind.NoSuchClassOrProperty => $"{Target} does not know the class, or a column of it: {what}{code}.",
            CimErrorKind.AccessDenied => $"{Target} denies access to {what}{code}. {what.Advice(isLocal: false)}",
            CimErrorKind.Timeout => $"{Target} did not finish {what} in the time allowed{code}.",
            _ => $"{Target} reports a fault for {what}{code}: {(fault.Text.Length > 0 ? fault.Text : fault.Subcode)}",
        }, fault.Code);
    }

    private CimException Broken(CimTopic what, string why) =>
        new(CimErrorKind.Protocol, $"The answer of {Target} for {what} cannot be used: {why.TrimEnd('.')}.");

    // An open enumeration counts against the host's quota until it idles out; whether the release arrives is all the same to us.
    private async Task ReleaseAsync(CimQuery query, string context)
    {
        try
        {
            (await _channel.PostAsync(WsManRequest.Release(target, query, context), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2), CancellationToken.None).ConfigureAwait(false)).Dispose();
        }
        catch (CimException)
        {
            return;
        }
    }

    public ValueTask DisposeAsync()
    {
        _channel.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>A quota fault, or HTTP 503, on its way to being tried again.</summary>
    private sealed class WsManBusyException(CimException inner) : Exception(inner.Message, inner)
    {
        public CimException AsCim() => (CimException)InnerException!;
    }
}
