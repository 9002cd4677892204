using System.Text;
using HyperVDash.Lab.Faults;
using Microsoft.AspNetCore.Http;

namespace HyperVDash.Lab.WsMan;

/// <summary>Sends an answer whole, or as the faults in force want it.</summary>
internal sealed class FaultyResponse(LabFaults faults, TimeProvider time, string host, RequestSubject subject)
{
    public async Task SendAsync(HttpContext context, int status, byte[] body)
    {
        if (Find(LabFaultKind.Delay) is { } delay)
        {
            await Task.Delay(TimeSpan.FromSeconds(delay.Number(5)), time, context.RequestAborted).ConfigureAwait(false);
        }

        if (Find(LabFaultKind.Hang) is not null)
        {
            await HangAsync(context).ConfigureAwait(false);
            return;
        }

        if (Find(LabFaultKind.Refuse) is not null)
        {
            context.Abort();
            return;
        }

        if (Find(LabFaultKind.Unauthorized) is not null)
        {
            Refuse(context);
            return;
        }

        body = Find(LabFaultKind.NonXml) is not null ? "<html><body>502 Bad Gateway<br></body>"u8.ToArray()
            : Find(LabFaultKind.Charset) is not null ? Encoding.Latin1.GetBytes(Encoding.UTF8.GetString(body).Replace("</s:Body>", "\u00FF\u00FE</s:Body>", StringComparison.Ordinal))
            : body;
        bool isWide = context.Request.ContentType?.Contains("utf-16", StringComparison.OrdinalIgnoreCase) == true;
        body = isWide ? [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(Encoding.UTF8.GetString(body))] : body;
        context.Response.StatusCode = status;
        context.Response.ContentType = $"application/soap+xml;charset={(isWide ? "UTF-16" : "UTF-8")}";
        context.Response.ContentLength = body.Length;
        if (Find(LabFaultKind.Cut) is { } cut && subject.Reply >= cut.Number(1))
        {
            await context.Response.Body.WriteAsync(body.AsMemory(0, body.Length * 2 / 3), context.RequestAborted).ConfigureAwait(false);
            await context.Response.Body.FlushAsync(context.RequestAborted).ConfigureAwait(false);

            // What was sent has to arrive before the connection breaks, or it would be a refusal.
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, context.RequestAborted).ConfigureAwait(false);
            context.Abort();
        }
        else if (Find(LabFaultKind.Trickle) is not null)
        {
            await TrickleAsync(context, body).ConfigureAwait(false);
        }
        else
        {
            await context.Response.Body.WriteAsync(body, context.RequestAborted).ConfigureAwait(false);
        }
    }

    /// <summary>HTTP 401 with the one way to sign in.</summary>
    public static void Refuse(HttpContext context)
    {
        context.Response.StatusCode = 401;
        context.Response.Headers.WWWAuthenticate = "Basic realm=\"WSMAN\"";
    }

    public static async Task HangAsync(HttpContext context)
    {
        var gone = new TaskCompletionSource();
        await using var registration = context.RequestAborted.Register(gone.SetResult).ConfigureAwait(false);
        await gone.Task.ConfigureAwait(false);
    }

    private async Task TrickleAsync(HttpContext context, byte[] body)
    {
        for (int at = 0; at < body.Length; at += 16)
        {
            await context.Response.Body.WriteAsync(body.AsMemory(at, Math.Min(16, body.Length - at)), context.RequestAborted).ConfigureAwait(false);
            await context.Response.Body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
            await Task.Delay(TimeSpan.FromMilliseconds(500), time, context.RequestAborted).ConfigureAwait(false);
        }
    }

    private LabFault? Find(LabFaultKind kind) => faults.Find(host, subject.Class, kind);
}
